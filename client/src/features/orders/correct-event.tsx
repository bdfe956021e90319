import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import type { LoggedEvent, OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { processesQuery } from '../../api/site-queries.ts'
import { useMe } from '../../api/session.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, focusWhenShown, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { useText } from '../../locales/use-text.ts'
import { useCorrectEvent } from './api.ts'
import { ClockField } from '../../components/form/clock-field.tsx'

/** Whether the user may correct the event: events from the desk need fewer rights than those of other systems. */
export function mayCorrect(
  { source, type, voided }: LoggedEvent,
  {
    actions,
    departments,
  }: { readonly actions: readonly Action[]; readonly departments?: readonly string[] | undefined },
): boolean {
  if (voided || type === 'event.voided' || departments !== undefined) return false
  return actions.includes('orders.manage') && (source === 'desk' || actions.includes('events.void'))
}

const maxReason = 200
const correction = z.object({
  reason: z.string().trim().min(1).max(maxReason),
  /** `2026-11-28T14:30:15`, in the user's time zone. */
  occurredAt: z.string().min(1),
  stage: z.string(),
})

interface CorrectEventProps {
  readonly order: OrderDetail
  readonly event: LoggedEvent
  readonly onClose: () => void
}

/** Corrects the time or stage of an event, or retracts it. The log keeps both versions. */
export function CorrectEvent({ order, event, onClose }: CorrectEventProps) {
  const { t, nameOf } = useText()
  const { site, actions } = useMe()
  const [kind, setKind] = useState<'replace' | 'takeBack'>('replace')
  const processes = useQuery({ ...processesQuery(site), enabled: actions.includes('rules.read') })
  const correct = useCorrectEvent(order.order)
  const { field, submit } = useSchemaForm(correction, {
    reason: '',
    occurredAt: localTime(event.occurredAt),
    stage: event.stage ?? '',
  })
  const stages = processes.data?.processes.find(({ code }) => code === order.process)?.stages ?? []
  const send = submit(({ reason, occurredAt, stage }) => {
    const { source, id } = event
    const instead = { occurredAt: Date.parse(occurredAt), ...(stage !== '' && { stage }) }
    correct.mutate(
      { event: { source, id }, reason, ...(kind === 'replace' && { instead }) },
      {
        onSuccess: () => {
          notifyDone(t('order.correct.done'))
          onClose()
        },
      },
    )
  })
  return (
    <Dialog title={t('order.correct.title')} onClose={onClose}>
      <Form onSubmit={send}>
        <SegmentedControl
          aria-label={t('order.correct.title')}
          value={kind}
          data={(['replace', 'takeBack'] as const).map((value) => ({ value, label: t(`order.correct.${value}`) }))}
          onChange={setKind}
        />
        <p className={layout['meta']}>{t(`order.correct.${kind}Text`)}</p>
        {kind === 'replace' && (
          <>
            <ClockField {...field('occurredAt')} kind="datetime" label={t('order.correct.occurredAt')} />
            {event.stage !== undefined && (
              <NativeSelect
                {...field('stage')}
                label={t('orders.column.stage')}
                data={
                  stages.length === 0
                    ? [event.stage]
                    : stages.map(({ code, name }) => ({ value: code, label: nameOf(name) }))
                }
              />
            )}
          </>
        )}
        <TextInput {...field('reason')} ref={focusWhenShown} label={t('order.correct.reason')} maxLength={maxReason} />
        <ErrorAlert error={correct.error} conflict={t('order.action.conflict')} />
        <FormButtons submit={t('order.correct.send')} isBusy={correct.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  )
}

/** `2026-11-24T08:15:30` in the user's time zone. */
function localTime(at: number): string {
  const date = new Date(at)
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
