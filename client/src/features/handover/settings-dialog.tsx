import { Checkbox, MultiSelect, NumberInput } from '@mantine/core'
import { handoverSettings, type HandoverSettingsView } from '@stagewatch/shared/contract/handover.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { useTranslated } from '../../api/translations.ts'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { notifyDone } from '../../components/notify.ts'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { leadsQuery, settingsQuery, useSaveSettings } from './api.ts'

interface SettingsDialogProps {
  readonly department: string
  readonly onClose: () => void
}

/** Settings: whether the shifts of a department are handed over, and to whom. */
export function SettingsDialog({ department, onClose }: SettingsDialogProps) {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(settingsQuery(site, department))
  return (
    <Dialog title={t('handover.settingsTitle')} onClose={onClose}>
      <QueryBoundary query={query} isInCard>
        {(settings) => (
          <Editor department={department} settings={settings} now={serverTime(query.dataUpdatedAt)} onDone={onClose} />
        )}
      </QueryBoundary>
    </Dialog>
  )
}

interface EditorProps {
  readonly department: string
  readonly settings: HandoverSettingsView
  /** Epoch ms. */
  readonly now: number
  readonly onDone: () => void
}

function Editor({ department, settings, now, onDone }: EditorProps) {
  const { t } = useText()
  const { site } = useMe()
  const { data: team } = useQuery(leadsQuery(site))
  const translated = useTranslated(team?.translations)
  const [before, setBefore] = useState(() => valuesOf(settings))
  const { form, field, submit } = useSchemaForm(handoverSettings, valuesOf(settings))
  const save = useSaveSettings(department)
  const names = new Map(settings.leads.map((id, i) => [id, settings.leadNames?.[i] ?? '']))
  for (const { id, name } of [...(team?.deputies ?? []), ...(team?.people ?? [])]) names.set(id, translated(name))
  const finish = () => {
    notifyDone(t('desk.saved'))
    onDone()
  }
  return (
    <Form
      onSubmit={submit((values) => save.mutate({ version: settings.version, settings: values }, { onSuccess: finish }))}
    >
      {!save.isSuccess && (
        <EditConflict
          before={before}
          current={valuesOf(settings)}
          yours={form.values}
          now={now}
          onTakeTheirs={() => {
            save.reset()
            setBefore(valuesOf(settings))
            form.setValues(valuesOf(settings))
          }}
        />
      )}
      <Checkbox
        label={t('handover.enabled')}
        checked={form.values.enabled}
        onChange={({ currentTarget }) => form.setFieldValue('enabled', currentTarget.checked)}
      />
      <MultiSelect
        label={t('handover.leads')}
        description={t('handover.leadsNote')}
        searchable
        data={[...names].map(([value, label]) => ({ value, label: label === '' ? value : label }))}
        value={[...form.values.leads]}
        error={form.errors['leads']}
        onChange={(leads) => form.setFieldValue('leads', leads)}
      />
      <NumberInput label={t('handover.confirmWithin')} min={5} max={480} {...field('confirmWithinMinutes')} />
      <ErrorAlert error={save.error} />
      <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
    </Form>
  )
}

function valuesOf({ enabled, leads, confirmWithinMinutes }: HandoverSettingsView) {
  return { enabled, leads: [...leads], confirmWithinMinutes }
}
