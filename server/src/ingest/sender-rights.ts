import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ParsedItem } from './parse/parse-events.ts'
import type { Rejection } from './parse/validation.ts'

/** What somebody who may send events may send. */
export interface SenderRights {
  /** The sources whose events they may send; undefined: all. */
  readonly sources?: readonly string[] | undefined
  /** Whether they may take back events of other sources than the one that they speak for. */
  readonly mayVoidOthers: boolean
}

/** Rejects the events that are not the sender's to send, each by itself. */
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
  return { code: 'forbidden', field: 'data.source', message: 'this key takes back events of its own source only' }
}
