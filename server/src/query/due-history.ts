import type { Queryable } from '@stagewatch/db/database.ts'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { calendarChoice } from '@stagewatch/shared/contract/calendar-settings.ts'
import type { LoggedEvent, OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { processVersion } from '@stagewatch/shared/contract/process.ts'
import type { OrderFacts } from '@stagewatch/shared/domain/order-facts.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { clockInstant, holdsOf } from '@stagewatch/shared/domain/visit-clock.ts'
import { z } from 'zod'
import { loadChanges } from '../catalog/changes-table.ts'
import type { RecordedChange } from '../catalog/changes-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { SiteRules } from '../engine/site-rules.ts'
import type { StoredOrder } from '../fold/load-orders.ts'

const mostChanges = 1_000
/** Screens change their tokens all the time, which moves no limit. */
const ruleActions = ['process.saved', 'calendar.saved', 'calendars.chosen'] as const

type DueBefore = OrderDetail['dueHistory'][number]

/** Something that moved the limit, and how to take it back. */
interface Step {
  readonly at: number
  readonly by: DueBefore['by']
  readonly actor: string
  readonly undo: (before: { rules: SiteRules; facts: OrderFacts }) => { rules: SiteRules; facts: OrderFacts }
}

/**
 * What the limit of the open visit was before each change of the promise, the process or a calendar since it began:
 * the changes are taken back one by one, from the newest on.
 */
export async function dueHistory(
  db: Queryable,
  site: string,
  { state, process }: StoredOrder,
  engine: LiveEngine,
  events: readonly LoggedEvent[],
): Promise<DueBefore[]> {
  const visit = state?.visits.at(-1)
  if (state === undefined || visit === undefined || visit.leftAt !== undefined) return []
  const changes = await loadChanges(db, site, visit.enteredAt, mostChanges, ruleActions)
  const steps = [...changes.flatMap((change) => ruleStep(change, process)), ...promiseSteps(events, visit.enteredAt)]
  const history: DueBefore[] = []
  let before = { rules: engine.rules, facts: state.facts }
  let shown = dueOf(before)
  for (const { at, by, actor, undo } of steps.toSorted((a, b) => b.at - a.at)) {
    before = undo(before)
    const dueAt = dueOf(before)
    const { promisedAt } = before.facts
    if (dueAt === shown && (by !== 'promise' || promisedAt === undefined)) continue
    shown = dueAt
    history.push({
      until: at,
      by,
      actor,
      ...(dueAt !== undefined && { dueAt }),
      ...(by === 'promise' && promisedAt !== undefined && { promisedAt }),
    })
  }
  return history

  function dueOf({ rules, facts }: typeof before): number | undefined {
    if (state === undefined || visit === undefined) return undefined
    const { targetMs, calendar } = rules.termsOf(process, visit, facts)
    return targetMs === undefined ? undefined : clockInstant(visit, holdsOf(state), calendar, targetMs)
  }
}

const historyBefore = z.array(processVersion)

function ruleStep({ changedAt: at, actor, action, subject, before }: RecordedChange, process: string): Step[] {
  switch (action) {
    case 'process.saved': {
      const [first, ...later] = before === null ? [] : historyBefore.parse(before)
      if (subject !== process || first === undefined) return []
      const history: ProcessHistory = [first, ...later]
      return [{ at, by: 'process', actor, undo: ({ rules, facts }) => ({ rules: rules.withHistory(history), facts }) }]
    }
    case 'calendar.saved': {
      const definition = before === null ? undefined : calendarDefinition.parse(before)
      return [calendarStep((rules) => rules.calendars.with(subject, definition))]
    }
    case 'calendars.chosen':
      return [calendarStep((rules) => rules.calendars.choosing(calendarChoice.parse(before)))]
    case 'screen.paired':
    case 'screen.changed':
    case 'screen.revoked':
    case 'screen.rotated':
      return []
  }

  function calendarStep(calendars: (rules: SiteRules) => SiteRules['calendars']): Step {
    return {
      at,
      by: 'calendar',
      actor,
      undo: ({ rules, facts }) => ({ rules: rules.withCalendars(calendars(rules)), facts }),
    }
  }
}

/** Each event within the visit that gave another promise than the ones before it, the latest first. */
function promiseSteps(events: readonly LoggedEvent[], since: number): Step[] {
  const steps: Step[] = []
  let promisedAt: number | undefined
  for (const { data, voided, occurredAt, source, actor = source } of events) {
    const told = data['promisedAt']
    if (voided || typeof told !== 'number' || told === promisedAt) continue
    const before = promisedAt
    promisedAt = told
    if (occurredAt <= since) continue
    steps.push({
      at: occurredAt,
      by: 'promise',
      actor,
      undo: ({ rules, facts: { promisedAt: _, ...facts } }) => ({
        rules,
        facts: before === undefined ? facts : { ...facts, promisedAt: before },
      }),
    })
  }
  return steps.toReversed()
}
