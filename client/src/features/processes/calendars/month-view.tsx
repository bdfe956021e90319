import type { CalendarVersion } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import { firstDayStyle, MonthGrid } from '../../../components/form/month-grid.tsx'
import layout from '../../../components/layout/layout.module.css'
import { addMonths, dateText } from '../../../format/months.ts'
import { clockTimeIn } from '../../../format/site-clock.ts'
import { useText } from '../../../locales/use-text.ts'
import styles from './calendars.module.css'
import { monthDays, withDayToggled, type MonthDay } from './month-days.ts'

interface MonthViewProps {
  readonly version: CalendarVersion
  /** Epoch ms. */
  readonly asOf: number
  readonly isReadOnly: boolean
  readonly onChange: (version: CalendarVersion) => void
}

/** A month with its days off and working days; clicking a day toggles it. */
export function MonthView({ version, asOf, isReadOnly, onChange }: MonthViewProps) {
  const { t, language, nameOf } = useText()
  const [month, setMonth] = useState(() => clockTimeIn(asOf, version.timeZone).slice(0, 7))
  const days = monthDays(version, month)
  const { formatTag } = locales[language]
  const dayText = ({ date, isWorking, holiday }: MonthDay): string => {
    const name =
      typeof holiday?.name === 'string' ? holiday.name : holiday?.name === undefined ? '' : nameOf(holiday.name)
    const state = t(
      holiday === undefined
        ? isWorking
          ? 'calendars.working'
          : 'calendars.free'
        : isWorking
          ? 'calendars.makeUp'
          : 'calendars.holiday',
    )
    return [dateText(date, formatTag, { weekday: 'short', day: 'numeric', month: 'short' }), state, name]
      .filter((part) => part !== '')
      .join(' · ')
  }
  return (
    <div>
      <MonthGrid month={month} onTurn={(count) => setMonth(addMonths(month, count))}>
        {days.map((day, at) => (
          <button
            key={day.date}
            type="button"
            className={clsx(
              styles['day'],
              day.isWorking && styles['working'],
              day.holiday !== undefined && styles['special'],
            )}
            style={at === 0 ? firstDayStyle(month) : undefined}
            disabled={isReadOnly}
            aria-label={dayText(day)}
            title={dayText(day)}
            onClick={() => onChange(withDayToggled(version, day))}
          >
            {at + 1}
          </button>
        ))}
      </MonthGrid>
      <p className={layout['meta']}>{t(isReadOnly ? 'calendars.legend' : 'calendars.legendEdit')}</p>
    </div>
  )
}
