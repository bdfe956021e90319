import type { Queryable } from '@stagewatch/db/database.ts'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { calendarChoice } from '@stagewatch/shared/contract/calendar-settings.ts'
import { processChanges } from '@stagewatch/shared/contract/changes.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import { clockInstant, holdsDuring } from '@stagewatch/shared/domain/visit-clock.ts'
import { loadChanges } from '../access/changes-table.ts'
import type { RecordedChange } from '../access/changes-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { SiteRules } from '../engine/site-rules.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { recordedHistory } from '../rules/recorded-history.ts'
import type { StoredEvent } from './visible-order.ts'

const maxChanges = 1_000
/**
 * Audited actions that may move a limit. Others are excluded: screens, for example, rotate their tokens all the time.
 */
const ruleActions = [...processChanges, 'calendar.saved', 'calendars.chosen'] as const

type DueBefore = OrderDetail['dueHistory'][number]

/** A change that moved the limit, and how to undo it. */
interface Step {
  readonly at: number
  readonly by: DueBefore['by']
  /** The person, or the source of an event that names nobody. */
  readonly who: { readonly actor?: string; readonly source?: string }
  readonly undo: (before: { rules: SiteRules; attributes: OrderAttributes }) => {
    rules: SiteRules
    attributes: OrderAttributes
  }
}

/** The order whose limit history is requested. */
export interface DueQuestion {
  readonly site: string
  readonly engine: LiveEngine
  readonly stored: StoredOrder
  readonly events: readonly StoredEvent[]
  /** Whether to name the authors of rule changes, and the person in an event. */
  readonly named: { readonly rules: boolean; readonly event: (event: StoredEvent) => boolean }
}

/**
 * The limit of the open visit before each change of the promise, the process or a calendar since the visit started. The
 * changes are undone one by one, newest first.
 */
export async function dueHistory(
  db: Queryable,
  { site, engine, stored: { state, process }, events, named }: DueQuestion,
): Promise<DueBefore[]> {
  const visit = state?.visits.at(-1)
  if (state === undefined || visit === undefined || visit.leftAt !== undefined) return []
  const changes = await loadChanges(db, site, {
    after: visit.enteredAt,
    limit: maxChanges,
    actions: ruleActions,
  })
  const steps = [
    ...changes.flatMap((change) => ruleStep(change, process)).map((step) => (named.rules ? step : anonymous(step))),
    ...promiseSteps(events, visit.enteredAt, named.event),
  ]
  const history: DueBefore[] = []
  let before = { rules: engine.rules, attributes: state.attributes }
  let shown = dueOf(before)
  for (const { at, by, who, undo } of steps.toSorted((a, b) => b.at - a.at)) {
    before = undo(before)
    const dueAt = dueOf(before)
    const { promisedAt } = before.attributes
    if (dueAt === shown && (by !== 'promise' || promisedAt === undefined)) continue
    shown = dueAt
    history.push({
      until: at,
      by,
      ...who,
      ...(dueAt !== undefined && { dueAt }),
      ...(by === 'promise' && promisedAt !== undefined && { promisedAt }),
    })
  }
  return history

  function dueOf({ rules, attributes }: typeof before): number | undefined {
    if (state === undefined || visit === undefined) return undefined
    const { targetMs, calendar } = rules.slaOf(process, visit, attributes)
    return targetMs === undefined ? undefined : clockInstant(visit, holdsDuring(state, visit), calendar, targetMs)
  }
}

function anonymous(step: Step): Step {
  return { ...step, who: {} }
}

function ruleStep(
  { changedAt: at, actor: { name: actor }, action, subject, before }: RecordedChange,
  process: string,
): Step[] {
  switch (action) {
    case 'process.saved':
    case 'process.released':
    case 'process.rolled-back': {
      const history = recordedHistory(before)
      if (subject !== process || history === undefined) return []
      return [
        {
          at,
          by: 'process',
          who: { actor },
          undo: ({ rules, attributes }) => ({ rules: rules.withHistory(history), attributes }),
        },
      ]
    }
    case 'calendar.saved': {
      const definition = before === null ? undefined : calendarDefinition.parse(before)
      return [calendarStep((rules) => rules.calendars.with(subject, definition))]
    }
    case 'calendars.chosen':
      return [calendarStep((rules) => rules.calendars.choosing(calendarChoice.parse(before)))]
    default:
      return []
  }

  function calendarStep(calendars: (rules: SiteRules) => SiteRules['calendars']): Step {
    return {
      at,
      by: 'calendar',
      who: { actor },
      undo: ({ rules, attributes }) => ({ rules: rules.withCalendars(calendars(rules)), attributes }),
    }
  }
}

/** Each event within the visit that changed the promise, latest first. */
function promiseSteps(events: readonly StoredEvent[], since: number, isNamed: (event: StoredEvent) => boolean): Step[] {
  const steps: Step[] = []
  let promisedAt: number | undefined
  for (const event of events) {
    const { data, voided, occurredAt, source, actor } = event
    const promised = data['promisedAt']
    if (voided || typeof promised !== 'number' || promised === promisedAt) continue
    const before = promisedAt
    promisedAt = promised
    if (occurredAt <= since) continue
    steps.push({
      at: occurredAt,
      by: 'promise',
      who: isNamed(event) ? (actor === undefined ? { source } : { actor }) : {},
      undo: ({ rules, attributes: { promisedAt: _, ...attributes } }) => ({
        rules,
        attributes: before === undefined ? attributes : { ...attributes, promisedAt: before },
      }),
    })
  }
  return steps.toReversed()
}
