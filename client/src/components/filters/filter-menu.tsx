import { Button, Checkbox, Popover, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import { ErrorAlert } from '../error-alert.tsx'
import { choicesQuery } from './choices-query.ts'
import styles from './filter-bar.module.css'
import type { Dimension } from './filter-search.ts'

interface FilterMenuProps {
  readonly dimension: Dimension
  /** Undefined: all. */
  readonly chosen: readonly string[] | undefined
  /** Whether the filter was just added and has to open its list. */
  readonly isFresh: boolean
  readonly onChange: (chosen: string[] | undefined) => void
  readonly onClose: () => void
}

/** Longer lists ask the user to search. */
const maxShown = 60

/** One filter: a button that shows the chosen values, and the list of values. */
export function FilterMenu({ dimension, chosen: given, isFresh, onChange, onClose }: FilterMenuProps) {
  const chosen = given ?? []
  const { t } = useText()
  const { site } = useMe()
  const [isOpen, setOpen] = useState(isFresh)
  const [text, setText] = useState('')
  const choices = useQuery({ ...choicesQuery(site, dimension), enabled: isOpen })
  const title = t(`filters.dimension.${dimension}`)
  const wanted = text.trim().toLowerCase()
  const departments = useDepartmentNames()
  const shownAs = (name: string): string => (dimension === 'department' ? departments.nameOf(name) : name)
  // A chosen value stays in the list even if it no longer occurs in any order.
  const all = new Set([...chosen, ...(choices.data ?? [])])
  const names = onceEach(all, shownAs, chosen).filter((name) => shownAs(name).toLowerCase().includes(wanted))
  const shown = names.slice(0, maxShown)
  const toggle = (name: string, isOn: boolean): void => {
    const next = isOn ? [...chosen, name] : chosen.filter((each) => each !== name)
    onChange(next.length === 0 ? undefined : next)
  }
  const summary =
    chosen.length === 0
      ? t('filters.all')
      : chosen.length === 1
        ? shownAs(chosen[0] ?? '') || t('filters.unnamed')
        : String(chosen.length)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      onClose={onClose}
      position="bottom-start"
      trapFocus
      shadow="md"
      withinPortal
    >
      <Popover.Target>
        <Button
          variant="default"
          size="compact-md"
          className={styles['button']}
          data-chosen={chosen.length > 0 || undefined}
          rightSection={<ChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={styles['what']}>{title}</span> <span className={styles['chosen']}>{summary}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={title} className={styles['dropdown']}>
        <TextInput
          aria-label={t('filters.searchIn', { what: title })}
          placeholder={t('filters.searchIn', { what: title })}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <ErrorAlert error={choices.error} />
        {choices.isLoading && <p className={styles['note']}>{t('desk.loading')}</p>}
        {!choices.isLoading && shown.length === 0 && <p className={styles['note']}>{t('filters.noChoice')}</p>}
        <div className={styles['choices']}>
          {shown.map((name) => (
            <Checkbox
              key={name}
              size="sm"
              label={shownAs(name) || t('filters.unnamed')}
              checked={chosen.includes(name)}
              onChange={({ currentTarget }) => toggle(name, currentTarget.checked)}
            />
          ))}
        </div>
        {names.length > shown.length && (
          <p className={styles['note']}>{t('filters.moreChoices', { count: names.length - shown.length })}</p>
        )}
        {chosen.length > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChange(undefined)}>
            {t('filters.showAll')}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

/** Of texts with the same label, such as those of one department, keeps the chosen ones, or else the first. */
function onceEach(names: ReadonlySet<string>, shownAs: (name: string) => string, chosen: readonly string[]): string[] {
  const first = new Map<string, string>()
  for (const name of names) if (chosen.includes(name) || !first.has(shownAs(name))) first.set(shownAs(name), name)
  return [...names].filter((name) => chosen.includes(name) || first.get(shownAs(name)) === name)
}
