import { Checkbox } from '@mantine/core'
import type { QuietHours } from '@stagewatch/shared/contract/profile.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { weekdays } from '@stagewatch/shared/domain/time/local-date.ts'
import type { ReactNode } from 'react'
import formStyles from '../../components/form/form.module.css'
import layout from '../../components/layout/layout.module.css'
import { useText } from '../../locales/use-text.ts'
import { ClockField } from '../../components/form/clock-field.tsx'

interface QuietHoursFieldsProps {
  /** Undefined: there are no quiet hours. */
  readonly value: QuietHours | undefined
  readonly errorOf: (path: string) => ReactNode
  readonly onChange: (value: QuietHours | undefined) => void
}

const usual: QuietHours = { from: '22:00', to: '07:00', days: [...weekdays], criticalBreaks: true }

export function QuietHoursFields({ value, errorOf, onChange }: QuietHoursFieldsProps) {
  const { t, language } = useText()
  const dayName = (day: number): string =>
    // 5 January 1970 was a Monday.
    new Date(Date.UTC(1970, 0, 4 + day)).toLocaleDateString(locales[language].formatTag, {
      weekday: 'short',
      timeZone: 'UTC',
    })
  return (
    <fieldset className={formStyles['fieldset']}>
      <legend>{t('profile.quiet')}</legend>
      <Checkbox
        label={t('profile.quietOn')}
        checked={value !== undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? usual : undefined)}
      />
      {value !== undefined && (
        <>
          <div className={formStyles['fields']}>
            <ClockField
              kind="time"
              label={t('profile.from')}
              value={value.from}
              error={errorOf('quietHours.from')}
              onChange={(from) => onChange({ ...value, from })}
            />
            <ClockField
              kind="time"
              label={t('profile.to')}
              value={value.to}
              error={errorOf('quietHours.to')}
              onChange={(to) => onChange({ ...value, to })}
            />
          </div>
          <Checkbox.Group
            label={t('profile.days')}
            value={value.days.map(String)}
            error={errorOf('quietHours.days')}
            onChange={(days) => onChange({ ...value, days: weekdays.filter((day) => days.includes(String(day))) })}
          >
            <div className={layout['row']}>
              {weekdays.map((day) => (
                <Checkbox key={day} value={String(day)} label={dayName(day)} />
              ))}
            </div>
          </Checkbox.Group>
          <Checkbox
            label={t('profile.criticalBreaks')}
            checked={value.criticalBreaks}
            onChange={({ currentTarget }) => onChange({ ...value, criticalBreaks: currentTarget.checked })}
          />
        </>
      )}
    </fieldset>
  )
}
