import { ActionIcon } from '@mantine/core'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { epochDayOf, weekdayOf, weekdays } from '@stagewatch/shared/domain/time/local-date.ts'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { CSSProperties, ReactNode, Ref } from 'react'
import { dateText } from '../../format/months.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './month-grid.module.css'

interface MonthGridProps {
  /** `YYYY-MM`. */
  readonly month: string
  /** @param count of months: -1 or 1. */
  readonly onTurn: (count: number) => void
  readonly ref?: Ref<HTMLDivElement>
  /** An element for each day, the first one with the style of `firstDayStyle`. */
  readonly children: ReactNode
}

/** A month in the language of the page, with buttons to the ones before and after it, above its days by weekday. */
export function MonthGrid({ month, onTurn, ref, children }: MonthGridProps) {
  const { t, language } = useText()
  const { formatTag } = locales[language]
  return (
    <div>
      <div className={styles['head']}>
        <ActionIcon variant="default" size={36} aria-label={t('calendars.previous')} onClick={() => onTurn(-1)}>
          <ChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <strong aria-live="polite">{dateText(`${month}-01`, formatTag, { month: 'long', year: 'numeric' })}</strong>
        <ActionIcon variant="default" size={36} aria-label={t('calendars.next')} onClick={() => onTurn(1)}>
          <ChevronRight size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div className={styles['days']} aria-hidden>
        {weekdays.map((day) => (
          <span key={day}>{dateText(`2026-06-0${day}`, formatTag, { weekday: 'narrow' })}</span>
        ))}
      </div>
      <div className={styles['days']} ref={ref}>
        {children}
      </div>
    </div>
  )
}

/** Puts the first day of a month below its weekday. */
export function firstDayStyle(month: string): CSSProperties {
  return { gridColumnStart: weekdayOf(epochDayOf(`${month}-01`)) }
}
