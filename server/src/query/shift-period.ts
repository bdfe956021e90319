import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { LiveEngine } from '../engine/live-engine.ts'

/** A period, `to` exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Start of the current shift, by the department's calendar if the query selects one. Undefined if the calendar has no
 * shifts.
 */
export function shiftBeganAt(engine: LiveEngine, query: Choice, now: number): number | undefined {
  return shiftsOf(engine, query, now)?.current
}

/** The query with its period as instants. */
export function sinceShift<Q extends Choice & { readonly since?: 'shift' | undefined }>(
  engine: LiveEngine,
  query: Q,
  now: number,
): Q {
  if (query.since === undefined) return query
  return { ...query, from: shiftBeganAt(engine, query, now) ?? engine.days.startOf(now), to: undefined }
}

/** The part of the previous shift that is as long as the time since the current one started. */
export function shiftBefore(engine: LiveEngine, query: Choice, now: number): Span | undefined {
  const shifts = shiftsOf(engine, query, now)
  if (shifts === undefined) return undefined
  const { current, previous } = shifts
  return { from: previous, to: Math.min(current, previous + now - current) }
}

function shiftsOf({ rules, departmentTexts }: LiveEngine, { department }: Choice, now: number) {
  return rules.calendars.shiftsAt(departmentTexts.onlyOf(department), now)
}
