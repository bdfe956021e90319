import { Textarea } from '@mantine/core'
import { maxReleaseReason } from '@stagewatch/shared/contract/process-draft.ts'
import { failing } from '@stagewatch/shared/contract/field-issue.ts'
import type { ReactNode } from 'react'
import { z } from 'zod'
import { useMe } from '../../../api/session.ts'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { FormButtons, Form } from '../../../components/form/form.tsx'
import { SegmentedField } from '../../../components/form/segmented-field.tsx'
import { useSchemaForm } from '../../../components/form/use-schema-form.ts'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { clockTimeIn, instantIn } from '../../../format/site-clock.ts'
import { ownTimeZone } from '../../../format/time-zone.ts'
import { useText } from '../../../locales/use-text.ts'
import { useRelease } from '../api.ts'
import { processChanges } from '../process-changes.ts'
import { useProcess } from '../process-context.ts'
import { ChangeList } from './change-list.tsx'
import styles from './release.module.css'
import { ClockField } from '../../../components/form/clock-field.tsx'

interface ReleaseDialogProps {
  /** Version of the draft. */
  readonly version: string
  /** Shown above the reason: what to consider before the release. */
  readonly children: ReactNode
  readonly onClose: () => void
}

/** Releases the draft, with a start date and a reason. */
export function ReleaseDialog({ version, children, onClose }: ReleaseDialogProps) {
  const { t } = useText()
  const { site, sites } = useMe()
  const { definition, live, asOf } = useProcess()
  const release = useRelease(definition.code, () => {
    notifyDone(t('processes.release.done'))
    onClose()
  })
  const timeZone = sites.find(({ code }) => code === site)?.timeZone ?? ownTimeZone()
  const schema = z
    .object({
      reason: z.string().trim().min(1).max(maxReleaseReason),
      from: z.enum(['now', 'date', 'past']),
      date: z.string(),
    })
    .refine(({ from, date }) => from !== 'date' || instantIn(date, timeZone) !== undefined, {
      path: ['date'],
      ...failing('not_time', 'must be a time'),
    })
  const { form, field, submit } = useSchemaForm(schema, {
    reason: '',
    from: 'now',
    date: clockTimeIn(asOf + dayMs, timeZone).slice(0, 10) + 'T00:00',
  })
  const send = submit(({ reason, from, date }) => {
    const validFrom = from === 'date' ? instantIn(date, timeZone) : from === 'now' ? 'now' : undefined
    release.mutate({ version, reason, ...(validFrom !== undefined && { validFrom }) })
  })
  const { from } = form.values
  return (
    <Dialog title={t('processes.release.title')} className={styles['dialog']} onClose={onClose}>
      <Form onSubmit={send}>
        <div className={styles['scroll']}>
          <ChangeList changes={processChanges(live, definition)} />
        </div>
        {children}
        <div>
          <SegmentedField
            label={t('processes.release.from')}
            value={from}
            options={{
              now: t('processes.release.now'),
              date: t('processes.release.date'),
              past: t('processes.release.past'),
            }}
            onChange={(value) => form.setFieldValue('from', value)}
          />
          <p className={layout['meta']}>{t(`processes.release.text.${from}`)}</p>
        </div>
        {from === 'date' && <ClockField {...field('date')} kind="datetime" label={t('processes.release.dateField')} />}
        <Textarea
          {...field('reason')}
          label={t('processes.release.reason')}
          description={t('processes.release.reasonHint')}
          maxLength={maxReleaseReason}
          minRows={2}
          autosize
          data-autofocus
        />
        <ErrorAlert error={release.error} conflict={t('processes.release.conflict')} />
        <FormButtons submit={t('processes.release.button')} isBusy={release.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  )
}

const dayMs = 86_400_000
