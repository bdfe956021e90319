import type { Queryable } from '@stagewatch/db/database.ts'
import { AppError } from '../../platform/app-error.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { FoldCache } from '../../projection/fold-cache.ts'
import { foldOrders } from '../../projection/fold-orders.ts'
import type { ProcessRules } from '../../projection/fold-orders.ts'
import type { FoldedChange } from '../../projection/folded-change.ts'
import { lockOrders } from '../../projection/lock-orders.ts'
import { appendEvents, removeAdded } from '../../log/append-events.ts'
import type { Appended, AppendOutcome, HashedEvent } from '../../log/append-events.ts'
import { loadArchived } from '../../log/archived-events.ts'
import type { AdmissionRules } from './admit-events.ts'
import { archivedOutcomes } from './archived-orders.ts'
import { toResults, rejectedOf, releasedOf, withArchived, withRejections, withRestored } from '../batch-results.ts'
import type { EventOutcome, ValidatedItem } from '../batch-results.ts'
import { contentHash } from '../parse/content-hash.ts'
import { unknownStage } from './admit-events.ts'
import { surplusEvents } from './order-limit.ts'
import { holdImportsOpen } from '../batches/imports-table.ts'
import { rawEvent } from '../parse/raw-event.ts'
import { releaseQuarantined } from '../quarantine/quarantined-events.ts'
import { saveQuarantine } from '../quarantine/save-quarantine.ts'
import { settleAdmission } from './settle-admission.ts'
import type { Settlement } from './settle-admission.ts'
import { restoreUndone } from '../batches/undo-import.ts'
import type { RestoredEvent } from '../batches/undo-import.ts'

/** Processes that accept new stages lack some of them; the stages have to be added before anything is written. */
export class NewStagesError extends Error {
  override readonly name = 'NewStagesError'
  /** Stages by process. */
  readonly stages: ReadonlyMap<string, ReadonlySet<string>>

  constructor(stages: ReadonlyMap<string, ReadonlySet<string>>) {
    super(`stages to be learned for ${[...stages.keys()].join(', ')}`)
    this.stages = stages
  }
}

/** Rules that may be older than those in the database. */
export interface CommitRules extends AdmissionRules, ProcessRules {
  /** @throws StaleRulesError if the database has newer rules. */
  requireCurrent(tx: Queryable): Promise<void>
}

export interface CommitContext {
  readonly site: string
  /** Identifies this server instance in the log. */
  readonly origin: string
  readonly rules: CommitRules
  readonly folds: FoldCache
  /** Whether events of the site are archived, as far as this server instance knows. */
  readonly hasArchives: () => boolean
}

export interface ValidatedRequest {
  readonly sender: string
  readonly keyId?: string | undefined
  readonly imported?: boolean | undefined
  readonly importId?: number | undefined
  readonly items: readonly ValidatedItem[]
}

export interface Committed {
  readonly appended: Appended
  readonly outcomes: readonly (readonly EventOutcome[])[]
  readonly changes: readonly FoldedChange[]
  readonly left: Settlement['left']
}

/**
 * Writes the events of requests and everything that follows from them in one transaction. Every transaction that folds
 * takes its locks in this order: the rules and the imports (shared), events by identity, order rows by key, then what
 * depends on them: new orders, visits, quarantine.
 * @param began called with the transaction id as soon as the transaction has written anything.
 * @throws StaleRulesError, StaleFoldError or NewStagesError, in which case the commit has to be retried.
 */
export async function commitEvents(
  tx: Queryable,
  { site, origin, rules, folds, hasArchives }: CommitContext,
  judged: readonly ValidatedRequest[],
  began: (tx: string | undefined) => void,
): Promise<Committed> {
  await beginCommit(tx, site, rules, judged)
  const items = judged.map((request) => request.items)
  const admitted = items.flatMap((some) => some.filter((item) => item.ok))
  const appended = await appendEvents(tx, site, origin, admitted)
  began(appended.tx)
  const restored = await restoreSentAgain(tx, site, admitted, appended.outcomes)
  const restoring = restored.map(({ added }) => added)
  const again = await appendEvents(
    tx,
    site,
    origin,
    restored.map(({ added, importId }) => ({ ...hashed(added), imported: true, importId })),
  )
  const added = toResults(items, appended.outcomes)
  const addedEvents = acceptedOf(added)
  const saved = await lockOrders(tx, site, [...new Set([...addedEvents, ...restoring].map(({ order }) => order))])
  // Not before the orders are locked: until then, their events may still be archived. Another instance may have archived
  // the first orders of the site just now, which their rows say.
  const mayBeArchived = hasArchives() || saved.values().some(({ archiveId }) => archiveId !== null)
  const archived = mayBeArchived ? await loadArchived(tx, site, addedEvents) : new Map<string, string>()
  const outOfReach = archivedOutcomes(added, items, archived, saved)
  await removeAdded(
    tx,
    site,
    addedEvents.filter((event) => outOfReach.has(identityOf(event))),
  )
  const outcome = withArchived(added, items, outOfReach)
  const accepted = acceptedOf(outcome)
  const surplus = surplusEvents(accepted, saved)
  const fitting = [...accepted.filter((event) => !surplus.has(identityOf(event))), ...restoring]
  // The next step reads the orders from the log.
  if (surplus.size > 0)
    await removeAdded(
      tx,
      site,
      accepted.filter((event) => surplus.has(identityOf(event))),
    )
  const settlement = await settleAdmission(tx, site, fitting, saved, rules, folds)
  if (settlement.learned.size > 0) throw new NewStagesError(settlement.learned)
  const refused = fitting.filter((event) => settlement.rejected.has(identityOf(event)))
  await removeAdded(tx, site, refused)
  const judgedOutcomes = withRejections(outcome, items, new Map([...surplus, ...settlement.rejected]))
  const outcomes = withRestored(judgedOutcomes, items, new Set(restored.map(({ event }) => identityOf(event))))
  const taken = fitting.filter((event) => !settlement.rejected.has(identityOf(event)))
  const more = await appendEvents(tx, site, origin, settlement.appended.map(hashed))
  const changes = await foldOrders(tx, site, [...taken, ...settlement.appended], rules, folds, saved)
  await saveQuarantine(tx, site, [...rejectedOf(judged, outcomes), ...settlement.withdrawn.map(withdrawnRow)])
  await releaseQuarantined(tx, site, [...releasedOf(outcomes), ...settlement.released])
  return {
    appended: {
      ...appended,
      tx: appended.tx ?? again.tx,
      position: more.position ?? again.position ?? appended.position,
    },
    outcomes,
    changes,
    left: settlement.left,
  }
}

/**
 * Takes the locks that precede all others: the rules and the imports cannot change until the transaction ends.
 * @throws StaleRulesError, AppError `overloaded`
 */
export async function beginCommit(
  tx: Queryable,
  site: string,
  rules: CommitRules,
  judged: readonly ValidatedRequest[],
): Promise<void> {
  await rules.requireCurrent(tx)
  const importIds = new Set(judged.flatMap(({ importId }) => importId ?? []))
  if (await holdImportsOpen(tx, site, [...importIds])) return
  throw new AppError('overloaded', 'an import is being undone: send the events again', { retryAfterS: 1 })
}

function acceptedOf(outcomes: readonly (readonly EventOutcome[])[]): OrderEvent[] {
  return outcomes.flat().flatMap((item) => (item.status === 'accepted' ? [item.event] : []))
}

/** Among the events that are already in the log, those that an undone import had added. */
async function restoreSentAgain(
  tx: Queryable,
  site: string,
  admitted: readonly HashedEvent[],
  outcomes: readonly AppendOutcome[],
): Promise<(RestoredEvent & { readonly importId: number })[]> {
  const known = admitted.filter((_, index) => outcomes[index] === 'duplicate' || outcomes[index] === 'restated')
  const restored: (RestoredEvent & { readonly importId: number })[] = []
  for (const [importId, sent] of Map.groupBy(known, (item) => item.importId)) {
    if (importId === undefined) continue
    const found = await restoreUndone(
      tx,
      site,
      importId,
      sent.map(({ event }) => event),
    )
    restored.push(...found.map((one) => ({ ...one, importId })))
  }
  return restored
}

function hashed(event: OrderEvent): { event: OrderEvent; contentHash: string } {
  return { event, contentHash: contentHash(event) }
}

function withdrawnRow(event: OrderEvent): Parameters<typeof saveQuarantine>[2][number] {
  return { sender: event.source, ...unknownStage, raw: rawEvent(event), event }
}

function identityOf({ source, id }: OrderEvent): string {
  return eventIdentity(source, id)
}
