import type { EventDataView, LoggedEvent, OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { useTranslated } from '../../api/translations.ts'
import { eventTypeTexts } from '../../components/order/event-type-texts.ts'
import { formatAmount } from '../../format/unit-text.ts'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'

/** Delay from which an entry is shown as late. */
const lateFromMs = 10 * 60_000

/** Time between an event and its recording. Undefined: recorded almost at once, or by an import. */
export function entryLagMs({ occurredAt, recordedAt, imported }: LoggedEvent): number | undefined {
  const lagMs = recordedAt - occurredAt
  return !imported && lagMs >= lateFromMs ? lagMs : undefined
}

type Labelled = (typeof factFields)[number] | 'owner' | 'quantity' | 'amount' | 'promise'

const factFields = ['customer', 'customerClass', 'product', 'priority', 'department', 'waybill'] as const

/** Names of the sources of an order's events, including those on its further pages. */
export function useSourceName(parts: readonly Pick<OrderDetail, 'sourceNames'>[]) {
  const { t, nameOf } = useText()
  const names = new Map(parts.flatMap(({ sourceNames = {} }) => Object.entries(sourceNames)))
  return (source: string): string => {
    if (source === deskSource) return t('order.log.desk')
    const name = names.get(source)
    return name === undefined ? source : nameOf(name)
  }
}

interface EventText {
  readonly what: string
  /** Further details in one line. */
  readonly facts: string
  readonly comment: string | undefined
}

/** Describes an event. */
export function useEventText(stageNames: ReadonlyMap<string, string>) {
  const { t, language } = useText()
  const translated = useTranslated()
  return ({ type, stage, data }: LoggedEvent, now: number): EventText => {
    const { owner, comment, reason, text, waitingFor, promisedAt, startedAt, until, quantity, id } = data
    const changesHold = type === 'order.held' && data.changesHold === true
    const key = type === 'note.added' ? noteText(data) : changesHold ? 'order.event.holdChanged' : eventTypeTexts[type]
    const amount = formatAmount(data, language)
    const labelled = (name: Labelled, value: string) => t('labelled', { label: t(`orders.column.${name}`), value })
    return {
      what: t(key, { stage: stage === undefined ? '' : (stageNames.get(stage) ?? stage) }),
      comment,
      facts: [
        owner === undefined ? undefined : labelled('owner', translated(owner)),
        text && translated(text),
        reason && translated(reason),
        waitingFor === undefined ? undefined : t('order.event.waitingFor', { what: waitingFor }),
        ...facts(data).map(([name, value]) => labelled(name, translated(value))),
        quantity === undefined ? undefined : labelled('quantity', formatCount(quantity, language)),
        amount === undefined ? undefined : labelled('amount', amount),
        promisedAt === undefined ? undefined : labelled('promise', instantText(promisedAt, now, language)),
        startedAt === undefined ? undefined : t('order.event.since', { time: instantText(startedAt, now, language) }),
        until === undefined || type !== 'order.held'
          ? undefined
          : t('order.event.until', { time: instantText(until, now, language) }),
        changesHold && until === undefined ? t('order.event.noEnd') : undefined,
        id === undefined ? undefined : t('order.event.takesBack', { id }),
      ]
        .filter((fact) => fact !== undefined && fact !== '')
        .join(' · '),
    }
  }
}

/** A note on the event: a comment, the reason of a hold, or other text. */
function noteText({ comment, reason }: EventDataView) {
  if (comment !== undefined) return 'order.event.comment'
  return reason === undefined ? 'order.event.note' : 'order.event.explained'
}

function facts(data: EventDataView) {
  return factFields.flatMap((name) => {
    const value = data[name]
    return value === undefined ? [] : [[name, value] as const]
  })
}
