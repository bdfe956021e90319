import type { EventDataView, LoggedEvent } from '@stagewatch/shared/contract/orders.ts'
import { useTranslated } from '../../api/translations.ts'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'

/** An entry is told to have come late from this on. */
const lateFromMs = 10 * 60_000

/** How long after it happened an event was entered; undefined: about at once, or with an import. */
export function entryLagMs({ occurredAt, recordedAt, imported }: LoggedEvent): number | undefined {
  const lagMs = recordedAt - occurredAt
  return !imported && lagMs >= lateFromMs ? lagMs : undefined
}

/** Keys of texts have no dots of their own. */
const typeTexts = {
  'order.placed': 'order.event.placed',
  'order.changed': 'order.event.changed',
  'stage.entered': 'order.event.entered',
  'stage.started': 'order.event.started',
  'stage.completed': 'order.event.left',
  'order.assigned': 'order.event.assigned',
  'order.acknowledged': 'order.event.acknowledged',
  'order.held': 'order.event.held',
  'order.resumed': 'order.event.resumed',
  'order.completed': 'order.event.completed',
  'order.cancelled': 'order.event.cancelled',
  'complaint.filed': 'order.event.complaint',
  'note.added': 'order.event.note',
  'position.reported': 'order.event.position',
  'event.voided': 'order.event.voided',
} as const satisfies Record<LoggedEvent['type'], string>

const factFields = ['customer', 'customerClass', 'product', 'priority', 'department', 'waybill'] as const

/** What an event says: what happened, and below it what else was told. */
export function useEventText(stageNames: ReadonlyMap<string, string>) {
  const { t, language } = useText()
  const translated = useTranslated()
  return ({ type, stage, data }: LoggedEvent, now: number): { readonly what: string; readonly details: string[] } => {
    const what = t(typeTexts[type], { stage: stage === undefined ? '' : (stageNames.get(stage) ?? stage) })
    const { owner, comment, reason, text, waitingFor, promisedAt, startedAt, until, quantity, amount, id } = data
    return {
      what,
      details: [
        owner === undefined ? undefined : `${t('orders.column.owner')}: ${translated(owner)}`,
        comment,
        text && translated(text),
        reason && translated(reason),
        waitingFor === undefined ? undefined : t('order.event.waitingFor', { what: waitingFor }),
        ...facts(data).map(([name, value]) => `${t(`orders.column.${name}`)}: ${translated(value)}`),
        quantity === undefined ? undefined : `${t('orders.column.quantity')}: ${quantity}`,
        amount === undefined ? undefined : `${t('orders.column.amount')}: ${amount}`,
        promisedAt === undefined
          ? undefined
          : `${t('orders.column.promise')}: ${instantText(promisedAt, now, language)}`,
        startedAt === undefined ? undefined : t('order.event.since', { time: instantText(startedAt, now, language) }),
        until === undefined || type !== 'order.held'
          ? undefined
          : t('order.event.until', { time: instantText(until, now, language) }),
        id === undefined ? undefined : t('order.event.takesBack', { id }),
      ].filter((detail): detail is string => detail !== undefined && detail !== ''),
    }
  }
}

function facts(data: EventDataView) {
  return factFields.flatMap((name) => {
    const value = data[name]
    return value === undefined ? [] : [[name, value] as const]
  })
}
