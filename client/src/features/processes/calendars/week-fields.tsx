import { TextInput } from '@mantine/core'
import type { CalendarVersion, Shift } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { weekdays, type Weekday } from '@stagewatch/shared/domain/time/local-date.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useCommittedText } from '../use-committed-text.ts'
import styles from './calendars.module.css'

interface WeekFieldsProps {
  readonly version: CalendarVersion
  readonly isReadOnly: boolean
  readonly onChange: (version: CalendarVersion) => void
}

/** The shifts of each weekday; the time between two shifts is a break. */
export function WeekFields({ version, isReadOnly, onChange }: WeekFieldsProps) {
  const { t } = useText()
  return (
    <fieldset className={layout['stack']}>
      <legend>{t('field.week')}</legend>
      <p className={layout['meta']}>{t('calendars.weekHint')}</p>
      <div className={styles['week']}>
        {weekdays.map((day) => (
          <DayField key={day} day={day} version={version} isReadOnly={isReadOnly} onChange={onChange} />
        ))}
      </div>
    </fieldset>
  )
}

/** A Monday. */
const someMonday = Date.UTC(2026, 0, 5)
const dayMs = 86_400_000

function DayField({ day, version, isReadOnly, onChange }: WeekFieldsProps & { readonly day: Weekday }) {
  const { t, language } = useText()
  const { input, error } = useCommittedText({
    text: shiftsText(version.week[day]),
    read: (text) => {
      const shifts = readShifts(text)
      return shifts === undefined ? { error: t('calendars.shiftsWrong') } : { value: shifts }
    },
    onCommit: (shifts) =>
      onChange({ ...version, week: withField(version.week, day, shifts.length === 0 ? undefined : shifts) }),
  })
  const name = new Date(someMonday + (day - 1) * dayMs).toLocaleDateString(locales[language].formatTag, {
    weekday: 'long',
    timeZone: 'UTC',
  })
  return <TextInput {...input} label={name} error={error} readOnly={isReadOnly} placeholder={t('calendars.free')} />
}

const pair = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4]):([0-5]\d)$/

/** Parses shifts: `08:00–12:00, 13:00–17:00`. Undefined: the text is invalid. Empty: a day off. */
export function readShifts(text: string): Shift[] | undefined {
  const parts = text
    .normalize('NFKC')
    .split(/[,;、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const shifts = parts.flatMap((part): Shift[] => {
    const [, fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = pair.exec(part) ?? []
    if (fromHour === '' || (toHour === '24' && toMinute !== '00')) return []
    return [{ from: `${fromHour.padStart(2, '0')}:${fromMinute}`, to: `${toHour.padStart(2, '0')}:${toMinute}` }]
  })
  return shifts.length === parts.length ? shifts : undefined
}

export function shiftsText(shifts: readonly Shift[] = []): string {
  return shifts.map(({ from, to }) => `${from}–${to}`).join(', ')
}
