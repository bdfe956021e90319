import { locales } from '@stagewatch/shared/domain/locales.ts'
import { dateOf, epochDayOf } from '@stagewatch/shared/domain/time/local-date.ts'
import { useRef, useState, type KeyboardEvent } from 'react'
import { addMonths, dateText, daysOfMonth } from '../../format/months.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './day-picker.module.css'
import { firstDayStyle, MonthGrid } from './month-grid.tsx'

interface DayPickerProps {
  /** `YYYY-MM-DD`; undefined: none is chosen yet. */
  readonly value: string | undefined
  readonly min: string | undefined
  readonly max: string | undefined
  readonly onPick: (day: string) => void
}

/** Days between the focused day and the one that an arrow key leads to. */
const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** A month of days in the language of the page. Arrow keys move by days and weeks, Page Up and Page Down by months. */
export function DayPicker({ value, min = '', max = '9999-12-31', onPick }: DayPickerProps) {
  const { language } = useText()
  const { formatTag } = locales[language]
  const grid = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(() => {
    const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
    const near = value ?? today
    return near < min ? min : near > max ? max : near
  })
  const month = current.slice(0, 7)
  const days = daysOfMonth(month)
  const turn = (count: number): string => {
    const there = daysOfMonth(addMonths(month, count))
    return there[Math.min(Number(current.slice(8)), there.length) - 1] ?? current
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key]
    const next =
      step !== undefined
        ? dateOf(epochDayOf(current) + step)
        : event.key === 'PageUp' || event.key === 'PageDown'
          ? turn(event.key === 'PageUp' ? -1 : 1)
          : undefined
    if (next === undefined || next < min || next > max) return
    event.preventDefault()
    setCurrent(next)
    // The day is rendered by then, also in another month.
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus())
  }
  return (
    <div className={styles['picker']}>
      <MonthGrid month={month} onTurn={(count) => setCurrent(turn(count))} ref={grid}>
        {days.map((day, place) => (
          <button
            key={day}
            type="button"
            data-day={day}
            className={styles['day']}
            style={place === 0 ? firstDayStyle(month) : undefined}
            aria-label={dateText(day, formatTag, { weekday: 'long', day: 'numeric', month: 'long' })}
            aria-pressed={day === value}
            data-autofocus={day === current || undefined}
            tabIndex={day === current ? 0 : -1}
            disabled={day < min || day > max}
            onKeyDown={onKeyDown}
            onClick={() => onPick(day)}
          >
            {Number(day.slice(8))}
          </button>
        ))}
      </MonthGrid>
    </div>
  )
}
