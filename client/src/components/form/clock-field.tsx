import { ActionIcon, Popover, TextInput, type TextInputProps } from '@mantine/core'
import { CalendarDays } from 'lucide-react'
import { useState } from 'react'
import { editedText, parseTyped, shownText, type ClockKind } from '../../format/typed-clock.ts'
import { useText } from '../../locales/use-text.ts'
import { DayPicker } from './day-picker.tsx'

export interface ClockFieldProps extends Omit<TextInputProps, 'type' | 'value' | 'onChange' | 'min' | 'max'> {
  readonly kind: ClockKind
  /** As of an input of the browser, see `ClockKind`; empty: none. */
  readonly value?: string
  /** The first and last value to choose from; only the calendar enforces them. */
  readonly min?: string | undefined
  readonly max?: string | undefined
  /** Receives a text that names no time as it was typed, so that the schema of the form refuses it. */
  readonly onChange?: (value: string) => void
}

const example = '2026-11-28T14:30'

/**
 * A field for a day, a time or both. Browsers show their own such fields in the language and the format of the browser,
 * whatever the page says: 12 hours and English months on a Chinese page. This one follows the language of the page.
 */
export function ClockField({ kind, value = '', min, max, onChange, onFocus, onBlur, ...input }: ClockFieldProps) {
  const { t, language } = useText()
  const [typed, setTyped] = useState<string>()
  const [isOpen, setIsOpen] = useState(false)
  const day = value.slice(0, 10)
  const pick = (picked: string): void => {
    setIsOpen(false)
    setTyped(undefined)
    const time = value.slice(11)
    onChange?.(kind === 'date' ? picked : `${picked}T${parseTyped('time', time) ?? '08:00'}`)
  }
  return (
    <TextInput
      autoComplete="off"
      placeholder={editedText(kind === 'time' ? example.slice(11) : kind === 'date' ? example.slice(0, 10) : example)}
      {...input}
      value={typed ?? shownText(kind, value, language)}
      onFocus={(event) => {
        setTyped(editedText(value))
        onFocus?.(event)
      }}
      onBlur={(event) => {
        setTyped(undefined)
        onBlur?.(event)
      }}
      onChange={({ currentTarget }) => {
        if (document.activeElement === currentTarget) setTyped(currentTarget.value)
        onChange?.(parseTyped(kind, currentTarget.value) ?? currentTarget.value)
      }}
      {...(kind !== 'time' && {
        rightSection: (
          <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" trapFocus returnFocus>
            <Popover.Target>
              <ActionIcon
                variant="subtle"
                aria-label={t('desk.chooseDay')}
                disabled={input.disabled === true}
                onClick={() => setIsOpen(!isOpen)}
              >
                <CalendarDays size={16} aria-hidden />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown aria-label={t('desk.chooseDay')}>
              <DayPicker
                value={parseTyped('date', day)}
                min={min?.slice(0, 10)}
                max={max?.slice(0, 10)}
                onPick={pick}
              />
            </Popover.Dropdown>
          </Popover>
        ),
      })}
    />
  )
}
