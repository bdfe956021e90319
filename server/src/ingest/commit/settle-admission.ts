import type { Queryable } from '@stagewatch/db/database.ts'
import { effectiveSteps, voidedIdentities } from '@stagewatch/shared/domain/effective-events.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { namesProcess, processNamedBy } from '@stagewatch/shared/domain/order-attributes.ts'
import type { FoldCache } from '../../projection/fold-cache.ts'
import type { LockedOrder } from '../../projection/lock-orders.ts'
import { loadLogs } from '../../log/load-events.ts'
import { inSlices } from '../../platform/in-slices.ts'
import { admit, unknownStage } from './admit-events.ts'
import type { AdmissionRules } from './admit-events.ts'
import type { Rejection } from '../parse/validation.ts'
import { loadWaiting } from '../quarantine/quarantined-events.ts'
import type { QuarantinedEvent } from '../quarantine/quarantined-events.ts'
import { isWithdrawal, withdrawalCounts, withdrawalOf } from './withdrawals.ts'

/** Longer logs are processed in slices. */
const longLog = 1_000
const eventsPerStep = 512

/** Consequences for events of an order once its process is determined. */
export interface Settlement {
  /** Newly added events that the process of their order does not accept, by identity. */
  readonly rejected: ReadonlyMap<string, Rejection>
  /** Events to append to the log: events from quarantine, and events that void or restore others. */
  readonly appended: readonly OrderEvent[]
  /** Events that counted until now and move to quarantine. */
  readonly withdrawn: readonly OrderEvent[]
  /** Quarantine rows that are no longer needed. */
  readonly released: readonly number[]
  /** Stages of the events that their process accepts but does not have yet, by process. */
  readonly learned: ReadonlyMap<string, ReadonlySet<string>>
  /** Stages that no longer belong to their orders' process, by the previous process. */
  readonly left: ReadonlyMap<string, ReadonlySet<string>>
}

interface Draft {
  readonly rejected: Map<string, Rejection>
  readonly appended: OrderEvent[]
  readonly withdrawn: OrderEvent[]
  readonly released: number[]
  readonly learned: Map<string, Set<string>>
  readonly left: Map<string, Set<string>>
}

/**
 * Validates the events of a commit against the process of their order, regardless of the order of arrival: the latest
 * event that names a process decides, including events in quarantine. If the process has changed, accepted events are
 * withdrawn if the new process does not have their stage, and quarantined events are accepted if it does.
 * @param added events that this transaction has added to the log.
 * @param saved locked rows of their orders.
 */
export async function settleAdmission(
  tx: Queryable,
  site: string,
  added: readonly OrderEvent[],
  saved: ReadonlyMap<string, LockedOrder>,
  rules: AdmissionRules,
  cache: FoldCache,
): Promise<Settlement> {
  const draft: Draft = {
    rejected: new Map(),
    appended: [],
    withdrawn: [],
    released: [],
    learned: new Map(),
    left: new Map(),
  }
  const unsettled = new Map<string, readonly OrderEvent[]>()
  for (const [order, events] of Map.groupBy(added, (event) => event.order)) {
    const process = settledProcess(order, events, saved, rules, cache)
    if (process === undefined) unsettled.set(order, events)
    else rejectForeign(events, process, rules, draft)
  }
  if (unsettled.size === 0) return draft
  const waiting = await loadWaiting(tx, site, [...unsettled.keys()])
  const counts = [...unsettled].flatMap(([order, events]) => {
    const row = saved.get(order)
    return row === undefined ? [] : [[order, row.eventCount + events.length] as const]
  })
  for await (const logs of loadLogs(tx, site, counts)) {
    for (const [order, log] of logs) {
      const unsettledOrder = { order, log, added: unsettled.get(order) ?? [], waiting: waiting.get(order) ?? [] }
      const steps = settleSteps(unsettledOrder, saved.get(order), rules, draft)
      await (log.length > longLog ? inSlices(steps) : runToEnd(steps))
    }
  }
  for (const [order, events] of unsettled) {
    if (saved.has(order)) continue
    const unsettledOrder = { order, log: events, added: events, waiting: waiting.get(order) ?? [] }
    const steps = settleSteps(unsettledOrder, undefined, rules, draft)
    await (events.length > longLog ? inSlices(steps) : runToEnd(steps))
  }
  return draft
}

/** The process of an order, if none of the added events can change it; undefined if it has to be determined. */
function settledProcess(
  order: string,
  added: readonly OrderEvent[],
  saved: ReadonlyMap<string, LockedOrder>,
  rules: AdmissionRules,
  cache: FoldCache,
): string | undefined {
  if (rules.onlyProcess !== undefined) return rules.onlyProcess
  const row = saved.get(order)
  const known = cache.get(order)
  if (row === undefined || known?.eventCount !== row.eventCount) return undefined
  const { process } = known
  const isSettled = added.every(
    (event) => event.type !== 'event.voided' && (!namesProcess(event) || event.data['process'] === process),
  )
  return isSettled ? process : undefined
}

function rejectForeign(events: readonly OrderEvent[], process: string, rules: AdmissionRules, draft: Draft): void {
  for (const event of events) {
    if (rules.takes(process, event.stage)) learn(draft, process, event, rules)
    else draft.rejected.set(identityOf(event), unknownStage)
  }
}

function learn({ learned }: Draft, process: string, { stage }: OrderEvent, rules: AdmissionRules): void {
  if (stage !== undefined && !rules.hasStage(process, stage)) addTo(learned, process, stage)
}

function addTo(stages: Map<string, Set<string>>, process: string, stage: string): void {
  const known = stages.get(process)
  if (known === undefined) stages.set(process, new Set([stage]))
  else known.add(stage)
}

interface UnsettledOrder {
  readonly order: string
  /** All events of the order in the log. */
  readonly log: readonly OrderEvent[]
  /** Those that were just added. */
  readonly added: readonly OrderEvent[]
  /** Those in quarantine. */
  readonly waiting: readonly QuarantinedEvent[]
}

/** Runs in short steps, so that a long order does not block other work. */
function* settleSteps(
  { order, log, added, waiting }: UnsettledOrder,
  row: LockedOrder | undefined,
  rules: AdmissionRules,
  draft: Draft,
): Generator<void> {
  const known = new Map(log.map((event) => [identityOf(event), event]))
  const fresh = new Set(added.map(identityOf))
  // Withdrawn events are validated like all others.
  const withdrawals = log.filter(isWithdrawal)
  const said = log.filter((event) => !isWithdrawal(event))
  const candidates = waiting.filter(({ event }) => admit(event, rules) === undefined && !known.has(identityOf(event)))
  const all = [...said, ...candidates.map(({ event }) => event)]
  yield
  const effective = yield* effectiveSteps(order, all)
  const process = processNamedBy(effective.events) ?? rules.defaultProcess
  const withdrawn = voidedIdentities(withdrawals.toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)))
  const earlier = withdrawalCounts(withdrawals)
  yield
  for (const [i, event] of said.entries()) {
    if (i % eventsPerStep === 0) yield
    const identity = identityOf(event)
    const isTaken = rules.takes(process, event.stage)
    if (isTaken) learn(draft, process, event, rules)
    if (fresh.has(identity)) {
      if (!isTaken) draft.rejected.set(identity, unknownStage)
    } else if (isTaken === withdrawn.has(identity)) {
      draft.appended.push(withdrawalOf(event, earlier))
      if (!isTaken) draft.withdrawn.push(event)
    }
  }
  const taken = new Set<string>()
  for (const { id, event } of waiting) {
    const identity = identityOf(event)
    const inLog = known.get(identity)
    if (!rules.takes(process, event.stage) || admit(event, rules) !== undefined) continue
    draft.released.push(id)
    if (inLog !== undefined || taken.has(identity)) continue
    taken.add(identity)
    learn(draft, process, event, rules)
    draft.appended.push(event)
  }
  if (row === undefined || row.process === process) return
  for (const { stage } of said) if (stage !== undefined) addTo(draft.left, row.process, stage)
}

function identityOf({ source, id }: OrderEvent): string {
  return eventIdentity(source, id)
}
