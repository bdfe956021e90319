import { TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useEffect, useEffectEvent, useId, useRef, useState, type KeyboardEvent } from 'react'
import { TranslationsContext } from '../../api/translations.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useText } from '../../locales/use-text.ts'
import { maxSearchLength, useFoundOrders } from './use-found-orders.ts'
import { entryGroups, matchingEntries, type Entry } from './entry.ts'
import { EntryOption } from './entry-option.tsx'
import styles from './palette.module.css'
import { useCommands } from './use-commands.ts'

interface PaletteProps {
  readonly onClose: () => void
  readonly onShortcuts: () => void
}

/**
 * Finds orders, pages, sites and commands while the user types. The focus stays in the input and the arrow keys move
 * through the list below it: the ARIA combobox pattern with an always open list.
 */
export function Palette({ onClose, onShortcuts }: PaletteProps) {
  const { t } = useText()
  const id = useId()
  const [text, setText] = useState('')
  const typed = text.trim()
  const commands = useCommands(onShortcuts)
  const { entries: orders, translations, isSearching } = useFoundOrders(typed)
  const found = [...orders, ...matchingEntries(commands, typed)]
  const shown = entryGroups.flatMap((group) => found.filter((entry) => entry.group === group))
  const [chosen, setChosen] = useState<string>()
  /** Enter was pressed before the orders of the typed text were found: those that are shown were found for another. */
  const isAwaited = useRef(false)
  // The chosen entry may have disappeared; Enter then opens the first one.
  const active = shown.find((entry) => entry.id === chosen) ?? shown[0]
  const optionId = (entry: Entry): string => `${id}-${shown.indexOf(entry)}`

  const run = (entry: Entry): void => {
    if (entry.stays !== true) onClose()
    entry.run()
  }
  const move = (step: 1 | -1): void => {
    isAwaited.current = false
    const at = active === undefined ? -1 : shown.indexOf(active)
    setChosen(shown[(at + step + shown.length) % shown.length]?.id)
  }
  const runFound = useEffectEvent(() => {
    if (!isAwaited.current) return
    isAwaited.current = false
    if (active !== undefined && active.stays !== true) run(active)
  })
  useEffect(() => {
    if (!isSearching) runFound()
  }, [isSearching])
  const onEnter = (): void => {
    const isFound = chosen !== undefined || (active !== undefined && active.group !== 'orders')
    if (isSearching && !isFound) isAwaited.current = true
    else if (active !== undefined) run(active)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // The first Enter ends the composition of a Chinese word.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter') onEnter()
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={t('palette.title')} isTitleHidden closesBeside className={styles['dialog']} onClose={onClose}>
      <TextInput
        className={styles['field']}
        size="md"
        role="combobox"
        aria-label={t('palette.field')}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active === undefined ? undefined : optionId(active)}
        placeholder={t('palette.hint')}
        autoComplete="off"
        maxLength={maxSearchLength}
        leftSection={<Search size={18} aria-hidden />}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value)
          setChosen(undefined)
          isAwaited.current = false
        }}
        onKeyDown={onKeyDown}
      />
      <TranslationsContext value={translations}>
        <div id={`${id}-list`} role="listbox" aria-label={t('palette.title')} className={styles['list']} data-scrolls>
          {entryGroups.map((group) => {
            const entries = shown.filter((entry) => entry.group === group)
            if (entries.length === 0) return null
            return (
              <div key={group} role="group" aria-label={t(`palette.${group}`)}>
                <div className={styles['group']} aria-hidden>
                  {t(`palette.${group}`)}
                </div>
                {entries.map((entry) => (
                  <EntryOption
                    key={entry.id}
                    id={optionId(entry)}
                    entry={entry}
                    isActive={entry === active}
                    onPoint={() => setChosen(entry.id)}
                    onRun={() => run(entry)}
                  />
                ))}
              </div>
            )
          })}
        </div>
      </TranslationsContext>
      <p className={styles['state']} role="status">
        {isSearching && t('palette.searching')}
        {!isSearching && shown.length === 0 && t('palette.none', { text: typed })}
        {!isSearching && shown.length > 0 && (
          <span className="hidden-text" data-may-truncate>
            {t('palette.found', { count: shown.length })}
          </span>
        )}
      </p>
    </Dialog>
  )
}
