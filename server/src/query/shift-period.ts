import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { LiveEngine } from '../engine/live-engine.ts'

/** A stretch of time, `to` not included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** By the calendar of the department, if it is about one. Undefined: the calendar has no shifts. */
export function shiftBeganAt(engine: LiveEngine, query: Choice, now: number): number | undefined {
  return shiftsOf(engine, query, now)?.current
}

/** The question with its period as instants. */
export function sinceShift<Q extends Choice & { readonly since?: 'shift' | undefined }>(
  engine: LiveEngine,
  query: Q,
  now: number,
): Q {
  if (query.since === undefined) return query
  return { ...query, from: shiftBeganAt(engine, query, now) ?? engine.days.startOf(now), to: undefined }
}

/** As much of the shift before as has passed since the current one began. */
export function shiftBefore(engine: LiveEngine, query: Choice, now: number): Span | undefined {
  const shifts = shiftsOf(engine, query, now)
  if (shifts === undefined) return undefined
  const { current, previous } = shifts
  return { from: previous, to: Math.min(current, previous + now - current) }
}

function shiftsOf({ rules }: LiveEngine, { department = [] }: Choice, now: number) {
  return rules.calendars.shiftsAt(department.length === 1 ? department[0] : undefined, now)
}
