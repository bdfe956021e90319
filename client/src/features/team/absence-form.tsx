import { NativeSelect } from '@mantine/core'
import { absenceRequest, type TeamList, type TeamMember } from '@stagewatch/shared/contract/team.ts'
import { absenceKinds } from '@stagewatch/shared/domain/presence.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import formStyles from '../../components/form/form.module.css'
import { useSchemaForm, withoutEmpty } from '../../components/form/use-schema-form.ts'
import { notifyDone } from '../../components/notify.ts'
import { isDay } from '../../format/typed-clock.ts'
import { useText } from '../../locales/use-text.ts'
import { useEnterAbsence } from './api.ts'
import { ClockField } from '../../components/form/clock-field.tsx'
import { useTranslated } from '../../api/translations.ts'

interface AbsenceFormProps {
  readonly member: Pick<TeamMember, 'id' | 'name'>
  readonly deputies: TeamList['deputies']
  readonly onDone: () => void
}

const absenceForm = withoutEmpty(absenceRequest)
const empty = { from: '', to: '', fromTime: '', toTime: '', kind: 'leave', deputy: '' }

/** Records an absence, in whole days or with a start and end time. */
export function AbsenceForm({ member: { id }, deputies, onDone }: AbsenceFormProps) {
  const { t } = useText()
  const translated = useTranslated()
  const { form, field, submit } = useSchemaForm(absenceForm, empty)
  const { from, to } = form.values
  const enter = useEnterAbsence(id)
  const finish = () => {
    notifyDone(t('team.entered'))
    form.reset()
  }
  return (
    <Form onSubmit={submit((body) => enter.mutate(body, { onSuccess: finish }))}>
      <h3>{t('team.enter')}</h3>
      <div className={formStyles['fields']}>
        <ClockField
          {...field('from')}
          kind="date"
          label={t('team.from')}
          required
          onChange={(value) =>
            form.setValues({ from: value, ...(isDay(value) && (to === '' || to < value) && { to: value }) })
          }
        />
        <ClockField {...field('to')} kind="date" label={t('team.to')} min={from} required />
        <ClockField {...field('fromTime')} kind="time" label={t('team.fromTime')} />
        <ClockField {...field('toTime')} kind="time" label={t('team.toTime')} />
        <NativeSelect
          {...field('kind')}
          label={t('team.kind')}
          data={absenceKinds.map((kind) => ({ value: kind, label: t(`team.reason.${kind}`) }))}
        />
        <NativeSelect
          {...field('deputy')}
          label={t('team.deputy')}
          data={[
            { value: '', label: t('team.nobody') },
            ...deputies.filter((one) => one.id !== id).map((one) => ({ value: one.id, label: translated(one.name) })),
          ]}
        />
      </div>
      <ErrorAlert error={enter.error} />
      <FormButtons submit={t('team.submit')} isBusy={enter.isPending} onCancel={onDone} />
    </Form>
  )
}
