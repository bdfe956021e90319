import type { OrderEvent } from '../order-event.ts'

/** A visit as computed by the reference implementation; `dwellMs` is undefined while it is open. */
export interface NaiveVisit {
  readonly stage: string
  readonly nth: number
  readonly dwellMs?: number
}

/** A simpler computation of the visits, for logs in which every event is `stage.entered`. */
export function naiveEntered(sorted: readonly OrderEvent[]): NaiveVisit[] {
  const moves = sorted.filter((event, i) => event.stage !== sorted[i - 1]?.stage)
  return moves.map(({ stage = '', occurredAt }, i) => {
    const next = moves[i + 1]
    const nth = timesSeen(moves, stage, i)
    return next === undefined ? { stage, nth } : { stage, nth, dwellMs: next.occurredAt - occurredAt }
  })
}

/** The same for logs in which every event is `stage.completed`: each visit begins at the preceding event. */
export function naiveCompleted(sorted: readonly OrderEvent[]): NaiveVisit[] {
  return sorted.map(({ stage = '', occurredAt }, i) => ({
    stage,
    nth: timesSeen(sorted, stage, i),
    dwellMs: occurredAt - (sorted[i - 1]?.occurredAt ?? occurredAt),
  }))
}

/** The instants `t` for which the order was on hold between `t` and `t + 1`, for logs that contain only holds. */
export function naiveHeldInstants(sorted: readonly OrderEvent[], until: number): number[] {
  const instants: number[] = []
  let end = 0
  for (let t = 0; t < until; t++) {
    for (const { type, occurredAt, data } of sorted) {
      if (occurredAt !== t) continue
      const limit = Number(data['until'] ?? 0)
      if (type === 'order.resumed') end = t
      const changes = data['changesHold'] === true
      if (type === 'order.held' && (changes ? t < end : limit > t || end <= t)) end = limit > t ? limit : Infinity
    }
    if (t < end) instants.push(t)
  }
  return instants
}

function timesSeen(events: readonly OrderEvent[], stage: string, until: number): number {
  return events.slice(0, until + 1).filter((event) => event.stage === stage).length
}
