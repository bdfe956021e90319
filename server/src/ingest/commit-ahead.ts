import { setImmediate } from 'node:timers/promises'
import type { Transaction } from '@stagewatch/db/database.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { namesProcess } from '@stagewatch/shared/domain/order-attributes.ts'
import { sendEvents } from '../log/append-events.ts'
import { continueFold, foldInSlices } from '../projection/fold-orders.ts'
import type { FoldedChange } from '../projection/folded-change.ts'
import { sendOrders } from '../projection/save-orders.ts'
import { sendRequirements } from '../rules/rules-version.ts'
import type { AdmittedItem } from './bulk-orders.ts'
import type { CommitContext, Committed, ValidatedRequest } from './commit-events.ts'
import { maxOrderEvents } from './order-limit.ts'
import { sendNothingWaits } from './quarantined-events.ts'

/**
 * Rows are written without having been locked in the order of their keys, so that two transactions may wait for each
 * other. This one gives way before the database looks for a deadlock, after a second.
 */
const givesWayAfterMs = 300
/** Some ms of folding. */
const foldedAtOnce = 1_000

/** A commit of which everything is known before anything is asked of the database. */
export interface AheadCommit {
  readonly judged: readonly ValidatedRequest[]
  readonly items: readonly AdmittedItem[]
  /** In the order of their keys. */
  readonly changes: readonly FoldedChange[]
  /** Orders of which it has to be seen that nothing in quarantine belongs to them. */
  readonly unsettled: readonly string[]
  readonly rulesVersion: number
}

/**
 * Folds a commit as it is if every event in it is new, every cached fold current, and every other order unknown to the
 * database too. Undefined: something in it calls for `commitEvents`.
 * @param isKnown whether the order has been seen, so that without a cached fold it has to be read.
 */
export async function planAhead(
  { rules, folds }: Omit<CommitContext, 'site' | 'origin'>,
  rulesVersion: number,
  judged: readonly ValidatedRequest[],
  isKnown: (order: string) => boolean,
): Promise<AheadCommit | undefined> {
  const items = plainItems(judged)
  if (items === undefined) return undefined
  const changes: FoldedChange[] = []
  const unsettled: string[] = []
  let folded = 0
  for (const [order, ofOrder] of Map.groupBy(items, ({ event }) => event.order)) {
    if (folded >= foldedAtOnce) {
      folded = 0
      await setImmediate()
    }
    folded += ofOrder.length
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

/** All items; undefined: some of them are not simply to be added. */
function plainItems(judged: readonly ValidatedRequest[]): readonly AdmittedItem[] | undefined {
  const plain: AdmittedItem[] = []
  const identities = new Set<string>()
  // Nearly always there is one source, and then its ids are identities: they hold no line break.
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

/** Whether nothing follows from the events but the change itself. */
function isPlainChange(
  { process, eventCount, state, savedVisits }: FoldedChange,
  events: readonly OrderEvent[],
  rules: CommitContext['rules'],
): boolean {
  if (state === undefined || savedVisits === undefined || savedVisits.length > state.visits.length) return false
  if (eventCount > maxOrderEvents) return false
  return events.every(
    (event) =>
      (event.stage === undefined || rules.hasStage(process, event.stage)) &&
      (!namesProcess(event) || event.data['process'] === process),
  )
}

/** The place of a commit among those that are sent over one session. */
export interface CommitNumber {
  readonly number: number
  /** The one before, whose outcome the folds take for granted; undefined: they do not. */
  readonly after: number | undefined
}

/**
 * Sends what a commit writes, and waits until its events are written: meanwhile more requests come in for the next one,
 * which is made while the database writes orders and visits. By then the id of the transaction is known as well, which
 * may be all that is ever heard of it. Whatever is not as it was taken for granted makes a statement fail, and with it
 * the transaction.
 */
export async function sendAhead(
  tx: Transaction,
  { site, origin }: Pick<CommitContext, 'site' | 'origin'>,
  { judged, items, changes, unsettled, rulesVersion }: AheadCommit,
  place: CommitNumber,
  began: (tx: string) => void,
): Promise<Committed> {
  const id = sendRequirements(tx, site, rulesVersion, { ...place, givesWayAfterMs })
  id.catch(() => undefined)
  sendNothingWaits(tx, site, unsettled)
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
