import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'

/**
 * `calendar`: elapsed time, on which the promise and the present have a position. `working`: the working times of the
 * visits one after the other, so that nights and holidays take no space.
 */
export type TimelineAxis = 'calendar' | 'working'

/** Start and end as shares of the axis, 0..1. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface TimelineRow {
  readonly visit: OrderVisit
  readonly actual: Span
  /** Past the limit. */
  readonly beyond: Span | undefined
  /** Up to the limit. Undefined: there is no limit, or it is unknown when it would have been reached. */
  readonly plan: Span | undefined
}

export interface TimelineTick {
  readonly at: number
  /** `calendar`: epoch ms. `working`: ms of working time since the start. */
  readonly value: number
}

export interface Timeline {
  readonly rows: readonly TimelineRow[]
  readonly ticks: readonly TimelineTick[]
  /** Whether each tick is a day; otherwise it is a time of day or a duration. */
  readonly isDaily: boolean
  /** Undefined: the order has ended, or the axis has no position for it. */
  readonly nowAt: number | undefined
  readonly promiseAt: number | undefined
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const maxTicks = 9
/** A promise further away than this multiple of the elapsed time would leave no space for anything else. */
const maxPromiseRatio = 3
/** Space after the last item, for its label. */
const roomBehind = 0.12

type TimelineOrder = Pick<OrderDetail, 'visits' | 'status' | 'promisedAt' | 'endedAt' | 'asOf'>

/** Positions of all items on the axis. Undefined: the order has no visits. */
export function timelineLayout(order: TimelineOrder, axis: TimelineAxis): Timeline | undefined {
  if (order.visits.length === 0) return undefined
  return axis === 'calendar' ? calendarLayout(order) : workingLayout(order)
}

/** Time past the limit (+) or left before it (−), working ms without holds. Undefined: there is no limit. */
export function deviationMs({ overdueMs, targetMs, workingMs, times, ...visit }: OrderVisit): number | undefined {
  if (overdueMs !== undefined && overdueMs > 0) return overdueMs
  if (targetMs === undefined || isDueByDate(visit)) return undefined
  return Math.max(0, workingMs - times.held.workingMs) - targetMs
}

/** Whether the order's calendars have closed time, so that working and elapsed time differ. */
export function hasClosedTime(visits: readonly OrderVisit[]): boolean {
  return visits.some(({ elapsedMs, workingMs }) => elapsedMs - workingMs > 60_000)
}

function calendarLayout({ visits, status, promisedAt, asOf }: TimelineOrder): Timeline {
  const from = Math.min(...visits.map(({ enteredAt }) => enteredAt))
  const ends = visits.map((visit) => visit.leftAt ?? asOf)
  const limits = visits.map(limitAt)
  const isOpen = status === 'open'
  const lastEnd = Math.max(...ends, ...(isOpen ? [asOf] : []))
  const reach = lastEnd + Math.max(hourMs, lastEnd - from) * maxPromiseRatio
  const inReach = (at: number | undefined): at is number => at !== undefined && at <= reach && at > from
  const to = Math.max(lastEnd, ...limits.filter(inReach), ...[promisedAt].filter(inReach), from + hourMs / 4)
  const length = (to - from) * (1 + roomBehind)
  const place = (at: number): number => Math.min(1, Math.max(0, (at - from) / length))
  const rows = visits.map((visit, index): TimelineRow => {
    const end = ends[index] ?? asOf
    const limit = limits[index]
    const isBeyond = (visit.overdueMs ?? 0) > 0 && visit.dueAt !== undefined && visit.dueAt < end
    const passedAt = isBeyond ? Math.max(visit.enteredAt, visit.dueAt ?? end) : end
    return {
      visit,
      actual: { from: place(visit.enteredAt), to: place(passedAt) },
      beyond: isBeyond ? { from: place(passedAt), to: place(end) } : undefined,
      plan:
        limit === undefined || limit <= visit.enteredAt
          ? undefined
          : { from: place(visit.enteredAt), to: place(limit) },
    }
  })
  const { ticks, isDaily } = calendarTicks(from, from + length)
  return {
    rows,
    ticks: ticks.map((value) => ({ value, at: place(value) })),
    isDaily,
    nowAt: isOpen ? place(asOf) : undefined,
    promiseAt: inReach(promisedAt) ? place(promisedAt) : undefined,
  }
}

/** Whether the limit is an instant set by the promise or a cut-off, not a duration. */
function isDueByDate({ byPromise, byCutOff }: Pick<OrderVisit, 'byPromise' | 'byCutOff'>): boolean {
  return byPromise === true || byCutOff === true
}

/** When the limit of a visit was or is reached, epoch ms, as far as that is known without its calendar. */
function limitAt({ dueAt, targetMs, enteredAt, elapsedMs, workingMs, heldMs, ...visit }: OrderVisit) {
  if (dueAt !== undefined) return dueAt
  const hasClosed = elapsedMs - workingMs > 60_000
  return targetMs === undefined || isDueByDate(visit) || hasClosed ? undefined : enteredAt + targetMs + heldMs
}

function workingLayout({ visits, status }: TimelineOrder): Timeline {
  let total = 0
  let reach = 0
  const placed = visits.map((visit) => {
    const from = total
    const heldMs = visit.times.held.workingMs
    total += visit.workingMs
    const limit = visit.targetMs === undefined || isDueByDate(visit) ? undefined : from + visit.targetMs + heldMs
    reach = Math.max(reach, total, limit ?? 0)
    return { visit, from, to: total, limit }
  })
  const length = Math.max(reach, hourMs / 4) * (1 + roomBehind)
  const place = (ms: number): number => ms / length
  const step = stepOf(length, [0.25, 0.5, 1, 2, 4, 8, 12, 24, 48, 96, 168, 336, 720, 2_160, 8_760].map(hours))
  const count = Math.floor(length / step) + 1
  return {
    rows: placed.map(({ visit, from, to, limit }) => {
      const beyondMs = Math.min(visit.overdueMs ?? 0, to - from)
      return {
        visit,
        actual: { from: place(from), to: place(to - beyondMs) },
        beyond: beyondMs > 0 ? { from: place(to - beyondMs), to: place(to) } : undefined,
        plan: limit === undefined ? undefined : { from: place(from), to: place(limit) },
      }
    }),
    ticks: Array.from({ length: count }, (_, index) => ({ value: index * step, at: place(index * step) })),
    isDaily: false,
    nowAt: status === 'open' && visits.at(-1)?.leftAt === undefined ? place(total) : undefined,
    promiseAt: undefined,
  }
}

function hours(count: number): number {
  return count * hourMs
}

function stepOf(length: number, steps: readonly number[]): number {
  return steps.find((step) => length / step <= maxTicks) ?? Math.ceil(length / maxTicks / dayMs) * dayMs
}

/** Ticks at midnight, or at full hours for short spans, in the user's time zone. */
function calendarTicks(from: number, to: number): { readonly ticks: readonly number[]; readonly isDaily: boolean } {
  const step = stepOf(to - from, [0.25, 0.5, 1, 3, 6, 12, 24, 48, 168, 336, 720, 2_160, 8_760].map(hours))
  const isDaily = step >= dayMs
  const ticks: number[] = []
  const start = new Date(from)
  start.setHours(0, 0, 0, 0)
  for (let index = 0; ; index++) {
    const next = new Date(start)
    // Changes the local date instead of adding ms, so that midnight stays midnight when daylight saving time begins.
    if (isDaily) next.setDate(start.getDate() + (index * step) / dayMs)
    else next.setTime(start.getTime() + index * step)
    if (next.getTime() > to) return { ticks, isDaily }
    if (next.getTime() >= from) ticks.push(next.getTime())
  }
}
