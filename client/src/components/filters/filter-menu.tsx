import { Button, Checkbox, Popover, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
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
  /** Just added, so that something is to be chosen from it. */
  readonly isFresh: boolean
  readonly onChange: (chosen: string[] | undefined) => void
  readonly onClose: () => void
}

/** With more than this the reader is asked to search. */
const maxShown = 60

/** One filter: a button that says what is chosen, and a list to choose from. */
export function FilterMenu({ dimension, chosen: given, isFresh, onChange, onClose }: FilterMenuProps) {
  const chosen = given ?? []
  const { t } = useText()
  const { site } = useMe()
  const [isOpen, setOpen] = useState(isFresh)
  const [text, setText] = useState('')
  const choices = useQuery({ ...choicesQuery(site, dimension), enabled: isOpen })
  const title = t(`filters.dimension.${dimension}`)
  const wanted = text.trim().toLowerCase()
  // What is chosen stays in the list though no order is called so any more.
  const names = [...new Set([...chosen, ...(choices.data ?? [])])].filter((name) => name.toLowerCase().includes(wanted))
  const shown = names.slice(0, maxShown)
  const toggle = (name: string, isOn: boolean): void => {
    const next = isOn ? [...chosen, name] : chosen.filter((each) => each !== name)
    onChange(next.length === 0 ? undefined : next)
  }
  const summary =
    chosen.length === 0
      ? t('filters.all')
      : chosen.length === 1
        ? chosen[0] || t('filters.unnamed')
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
              label={name || t('filters.unnamed')}
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
