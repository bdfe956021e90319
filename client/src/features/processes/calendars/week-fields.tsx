import { TextInput } from '@mantine/core'
import type { CalendarVersion } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { weekdays, type Weekday } from '@stagewatch/shared/domain/time/local-date.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { useCommittedText } from '../use-committed-text.ts'
import styles from './calendars.module.css'
import { readShifts, shiftsText } from './week-text.ts'

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
