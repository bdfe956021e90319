import type { Transaction } from '@stagewatch/db/database.ts'
import { countVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { namesProcess } from '@stagewatch/shared/domain/order-attributes.ts'
import { sendEvents } from '../../log/append-events.ts'
import { sendNoneArchived } from '../../log/archived-events.ts'
import { continueFold, foldInSlices } from '../../projection/fold-orders.ts'
import type { FoldedChange } from '../../projection/folded-change.ts'
import { sendOrders } from '../../projection/save-orders.ts'
import { Slices } from '../../platform/in-slices.ts'
import { sendRequirements } from '../../rules/rules-version.ts'
import type { AdmittedItem } from './bulk-orders.ts'
import type { CommitContext, Committed, ValidatedRequest } from './commit-events.ts'
import { maxOrderEvents } from './order-limit.ts'
import { sendNothingWaits } from '../quarantine/quarantined-events.ts'

/**
 * Rows are written without being locked in key order first, so two transactions may wait for each other. This one gives
 * up before the database starts deadlock detection, which is after one second.
 */
const givesWayAfterMs = 300

/** A commit that was planned completely without reading the database. */
export interface AheadCommit {
  readonly judged: readonly ValidatedRequest[]
  readonly items: readonly AdmittedItem[]
  /** Sorted by key. */
  readonly changes: readonly FoldedChange[]
  /** Orders for which the database must still verify that they have no quarantined events. */
  readonly unsettled: readonly string[]
  readonly rulesVersion: number
}

/**
 * Folds a commit without the database if every event in it is new, every cached fold is current, and the database does
 * not know any of the other orders either.
 * @param isKnown whether the order has been seen; if so and its fold is not cached, it has to be read.
 * @returns undefined if something in the commit requires `commitEvents`.
 */
export async function planAhead(
  { rules, folds }: Pick<CommitContext, 'rules' | 'folds'>,
  rulesVersion: number,
  judged: readonly ValidatedRequest[],
  isKnown: (order: string) => boolean,
): Promise<AheadCommit | undefined> {
  const items = plainItems(judged)
  if (items === undefined) return undefined
  const changes: FoldedChange[] = []
  const unsettled: string[] = []
  const slices = new Slices()
  for (const [order, ofOrder] of Map.groupBy(items, ({ event }) => event.order)) {
    if (slices.isUsedUp()) await slices.next()
    const events = ofOrder.map(({ event }) => event)
    const cached = folds.get(order)
    if (cached === undefined && isKnown(order)) return undefined
    const change =
      cached === undefined
        ? await foldInSlices(order, events, 0, rules)
        : continueFold(cached, events, rules, { eventCount: cached.eventCount })
    if (change === undefined || !isPlainChange(change, events, rules)) return undefined
    if (cached === undefined && rules.onlyProcess === undefined) unsettled.push(order)
    changes.push(change)
  }
  return { judged, items, changes: changes.toSorted((a, b) => (a.order < b.order ? -1 : 1)), unsettled, rulesVersion }
}

/** All items; undefined if some of them need more than an append. */
function plainItems(judged: readonly ValidatedRequest[]): readonly AdmittedItem[] | undefined {
  const plain: AdmittedItem[] = []
  const identities = new Set<string>()
  // There is almost always a single source. Its ids are then identities, because ids contain no line breaks.
  const onlySource = judged[0]?.items[0]?.event?.source
  for (const { importId, items } of judged) {
    if (importId !== undefined) return undefined
    for (const item of items) {
      if (!item.ok || item.quarantineId !== undefined || item.event.type === 'event.voided') return undefined
      const { source, id } = item.event
      identities.add(source === onlySource ? id : eventIdentity(source, id))
      plain.push(item)
    }
  }
  return identities.size === plain.length ? plain : undefined
}

/** Whether the events have no effect beyond the change itself. */
function isPlainChange(
  { process, eventCount, state, savedVisits }: FoldedChange,
  events: readonly OrderEvent[],
  rules: CommitContext['rules'],
): boolean {
  if (state === undefined || savedVisits === undefined || savedVisits.length > countVisits(state)) return false
  if (eventCount > maxOrderEvents) return false
  return events.every(
    (event) =>
      (event.stage === undefined || rules.hasStage(process, event.stage)) &&
      (!namesProcess(event) || event.data['process'] === process),
  )
}

/** The place of a commit in the sequence sent over one session. */
export interface CommitNumber {
  readonly number: number
  /** The preceding commit, whose success the folds assume; undefined if they do not depend on one. */
  readonly after: number | undefined
}

/**
 * Sends the writes of a commit and waits until its events are written. Meanwhile further requests accumulate for the
 * next commit, which is prepared while the database writes orders and visits. The transaction id is known by then; if
 * the connection breaks, it is all that is known about the transaction. If any assumption does not hold, a statement
 * fails, and the transaction with it.
 */
export async function sendAhead(
  tx: Transaction,
  { site, origin, hasArchives }: Pick<CommitContext, 'site' | 'origin' | 'hasArchives'>,
  { judged, items, changes, unsettled, rulesVersion }: AheadCommit,
  place: CommitNumber,
  began: (tx: string) => void,
): Promise<Committed> {
  const id = sendRequirements(tx, site, rulesVersion, { ...place, givesWayAfterMs })
  id.catch(() => undefined)
  sendNothingWaits(tx, site, unsettled)
  if (hasArchives())
    sendNoneArchived(
      tx,
      site,
      items.map(({ event }) => event),
    )
  const events = await sendEvents(tx, site, origin, items)
  await sendOrders(tx, site, changes)
  const begunTx = await id
  began(begunTx)
  const position = await events.position
  const outcomes = judged.map((request) =>
    request.items.flatMap((item) =>
      item.ok ? [{ index: item.index, status: 'accepted' as const, event: item.event }] : [],
    ),
  )
  return { appended: { outcomes: [], position, tx: begunTx }, outcomes, changes, left: new Map() }
}
