import { compareEvents } from '../event-order.ts'
import { foldOrder } from '../fold-order.ts'
import { eventTypes } from '../order-event.ts'
import type { OrderEvent } from '../order-event.ts'
import { orderLog } from './arbitrary-events.ts'

const minute = 60_000
/** The instants of a log are 0 to 40; with this distance they seldom share a quarter hour. */
const instantMs = 47 * minute
/** A Monday, 07:00 in the time zone of the plant. */
export const announcedFrom = Date.parse('2026-11-23T07:00:00+08:00')

/** After the last event. */
export const announcedUntil = announcedFrom + 42 * instantMs

const rules = { isTerminal: (stage: string) => stage === 'shipped' }

/**
 * In chronological order, without visits that are only reported by their end, because those are not visible while they
 * last.
 */
export const announcedLog = orderLog(
  'SO-1',
  eventTypes.filter((type) => type !== 'event.voided'),
).map((log) => {
  const kept: OrderEvent[] = []
  for (const event of log.toSorted(compareEvents)) {
    const told = ['startedAt', 'until'].flatMap((field) => {
      const instant = event.data[field]
      return typeof instant === 'number' ? [[field, announcedFrom + instant * instantMs]] : []
    })
    const data = { ...event.data, ...Object.fromEntries(told) }
    const open = foldOrder('SO-1', kept, rules)?.visits.at(-1)
    const isAnnounced = event.type !== 'stage.completed' || (open?.leftAt === undefined && open?.stage === event.stage)
    if (isAnnounced) kept.push({ ...event, data, occurredAt: announcedFrom + event.occurredAt * instantMs })
  }
  return kept
})
