import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ParsedItem } from './parse/parse-events.ts'
import type { Rejection } from './parse/validation.ts'

/** Rights of a sender. */
export interface SenderRights {
  /** Sources that the sender may send events of; undefined: all. */
  readonly sources?: readonly string[] | undefined
  /** Whether the sender may void events of other sources than its own. */
  readonly mayVoidOthers: boolean
}

/** Rejects each event that the sender has no right to send. */
export function validateSender(items: readonly ParsedItem[], rights: SenderRights): ParsedItem[] {
  return items.map((item) => {
    const rejection = item.ok ? refuseEvent(item.event, rights) : undefined
    return rejection === undefined ? item : { index: item.index, ok: false, rejection, raw: item.raw }
  })
}

function refuseEvent({ type, source, data }: OrderEvent, rights: SenderRights): Rejection | undefined {
  const { sources, mayVoidOthers } = rights
  if (sources?.includes(source) === false) {
    return { code: 'forbidden', field: 'source', message: 'this key may not send events of this source' }
  }
  if (type !== 'event.voided' || mayVoidOthers || data['source'] === source) return undefined
  return { code: 'forbidden', field: 'data.source', message: 'this key can retract only events of its own source' }
}

/** Rejects each event that takes back another one, of a sender who may not do that. */
export function refuseVoids(items: readonly ParsedItem[]): ParsedItem[] {
  return items.map((item) =>
    item.ok && item.event.type === 'event.voided'
      ? { index: item.index, ok: false, rejection: mayNotVoid, raw: item.raw }
      : item,
  )
}

const mayNotVoid: Rejection = {
  code: 'forbidden',
  field: 'type',
  message: 'takes back another event, which only an administrator may import',
}
