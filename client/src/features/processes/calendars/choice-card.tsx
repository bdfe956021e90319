import { NativeSelect } from '@mantine/core'
import type { CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import { clsx } from 'clsx'
import { useDepartmentNames } from '../../../api/department-names.ts'
import card from '../../../components/card.module.css'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { useText } from '../../../locales/use-text.ts'
import inspector from '../inspector/inspector.module.css'
import styles from './calendars.module.css'
import { useChooseCalendars } from './api.ts'

interface ChoiceCardProps {
  readonly list: CalendarList
  readonly mayChange: boolean
}

/** The default calendar of stages without one: that of the department, otherwise that of the site. */
export function ChoiceCard({ list: { calendars, choice, choiceVersion }, mayChange }: ChoiceCardProps) {
  const { t, nameOf } = useText()
  const departmentNames = useDepartmentNames()
  const choose = useChooseCalendars(choiceVersion)
  const data = [
    { value: '', label: t('calendars.always') },
    ...calendars.map(({ definition }) => ({ value: definition.code, label: nameOf(definition.name) })),
  ]
  const save = (site: string, departments: Readonly<Record<string, string>>): void =>
    choose.mutate({ departments, ...(site !== '' && { site }) }, { onSuccess: () => notifyDone(t('desk.saved')) })
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('calendars.choice')}</h2>
      <p className={layout['meta']}>{t('calendars.choiceText')}</p>
      <div className={clsx(inspector['fields'], styles['choice'])}>
        <NativeSelect
          label={t('calendars.ofSite')}
          value={choice.site ?? ''}
          data={data}
          disabled={!mayChange || choose.isPending}
          onChange={({ currentTarget }) => save(currentTarget.value, choice.departments)}
        />
        {Object.entries(choice.departments).map(([department, code]) => (
          <NativeSelect
            key={department}
            label={departmentNames.nameOf(department)}
            value={code}
            data={data.filter(({ value }) => value !== '')}
            disabled={!mayChange || choose.isPending}
            onChange={({ currentTarget }) =>
              save(choice.site ?? '', { ...choice.departments, [department]: currentTarget.value })
            }
          />
        ))}
      </div>
      <ErrorAlert error={choose.error} />
    </section>
  )
}
