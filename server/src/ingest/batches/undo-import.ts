import { hash } from 'node:crypto'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { ImportUndone } from '@stagewatch/shared/contract/imports.ts'
import { effectiveVoids } from '@stagewatch/shared/domain/effective-events.ts'
import { compareEvents, eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Actor } from '../../access/actor.ts'
import { recordChange } from '../../access/changes-table.ts'
import { loadEvents } from '../../log/load-events.ts'
import { AppError } from '../../platform/app-error.ts'
import type { EventIntake } from '../event-intake.ts'
import { loadImportedEvents, lockImport, loadOrdersOfUndone, saveUndo, viewOfImport } from './imports-table.ts'
import type { ImportedEvent, StoredImport } from './imports-table.ts'
import { parseStored } from '../parse/parse-events.ts'

/** Number of events voided per call: about one second on the embedded database. */
const eventsPerSlice = 5_000

interface Undoing {
  readonly database: Database
  readonly intake: EventIntake
  readonly actor: Actor
  /** Epoch ms. */
  readonly now: number
  readonly restoreImported: RestoreImported
}

/** Brings some of the archived orders of an import back, by order of an actor. */
export type RestoreImported = (site: string, importId: number, actor: Actor) => Promise<RestoredOfImport>

export interface RestoredOfImport {
  /** Number of orders that are back. */
  readonly orders: number
  /** Whether all events of the import are in the log. */
  readonly isDone: boolean
}

/**
 * Voids a batch of the events of an import, so that their orders become what they were without them. Archived orders
 * come back first, one archive per call. Repeated calls continue where the last one ended, even after a crash of the
 * server: an event is voided only once.
 * @throws AppError `not_found`; `not_ready` if the files of an archive with its events are missing or were changed.
 */
export async function undoImport(id: number, reason: string, undoing: Undoing): Promise<ImportUndone> {
  const { database, intake, actor, now, restoreImported } = undoing
  const site = intake.site.code
  const stored = await database.transaction(async (tx) => {
    const before = await lockImport(tx, site, id)
    if (before === undefined) throw new AppError('not_found', 'there is no such import', { field: 'id' })
    if (before.undoStartedAt !== null) return before
    // Waits until no events are being added to the import, see `holdImportsOpen`.
    await saveUndo(tx, site, id, { undoStartedAt: now, undoActor: actor.name, undoReason: reason })
    const change = { changedAt: now, actor, action: 'import.undone', subject: String(id) } as const
    const { file, accepted } = before
    await recordChange(tx, site, { ...change, before: { file, accepted }, after: { reason } })
    return { ...before, undoStartedAt: now, undoActor: actor.name, undoReason: reason }
  })
  if (stored.undoEndedAt !== null) return { import: viewOfImport(stored), isDone: true, restoredOrders: 0 }
  const { orders: restoredOrders, isDone: isRestored } = await restoreImported(site, id, actor)
  if (!isRestored) {
    // They return to their place in the log, which may be before the last voided event.
    const again = stored.undone === 0 ? {} : { undone: 0, firstTx: '0', undonePosition: 0 }
    if (stored.undone > 0) await saveUndo(database, site, id, again)
    return { import: viewOfImport({ ...stored, ...again }), isDone: false, restoredOrders }
  }
  const events = await loadImportedEvents(database, stored, eventsPerSlice)
  // Deterministic, so that events that are already in the log are duplicates when they are sent again.
  const items = events.map((event, index) => parseStored(voidOf(event, stored), index, now))
  if (items.length > 0) {
    const { results } = await intake.submit({ sender: actor.name, imported: true, items })
    const refused = results.find(({ status }) => status === 'rejected')
    if (refused?.status === 'rejected') throw new AppError(refused.code, refused.message)
  }
  const isDone = events.length < eventsPerSlice
  const progress = {
    undone: stored.undone + events.length,
    firstTx: events.at(-1)?.tx ?? stored.firstTx,
    undonePosition: events.at(-1)?.position ?? stored.undonePosition,
    undoEndedAt: isDone ? now : null,
  }
  await saveUndo(database, site, id, progress)
  return { import: viewOfImport({ ...stored, ...progress }), isDone, restoredOrders: 0 }
}

const undoPrefix = 'undo-'

function voidOf({ source, id, order }: ImportedEvent, undone: StoredImport) {
  return {
    source: deskSource,
    id: `${undoPrefix}${undone.id}-${shortHash(source, id)}`,
    type: 'event.voided',
    order,
    occurredAt: new Date(undone.undoStartedAt ?? undone.startedAt).toISOString(),
    ...(undone.undoActor !== null && { actor: undone.undoActor }),
    // An event that voids this one comes after it, see `restoreUndone`.
    sequence: 0,
    data: { source, id, reason: undone.undoReason },
  }
}

function shortHash(source: string, id: string): string {
  return hash('sha256', eventIdentity(source, id), 'base64url').slice(0, 22)
}

/** An event that counts again, and the event that is appended to restore it. */
export interface RestoredEvent {
  readonly event: OrderEvent
  readonly added: OrderEvent
}

/**
 * Restores events that an import sends again after the import that added them was undone: the voiding events are voided
 * in turn, so that the log stays append-only and the events count again.
 * @param sent events that are already in the log.
 */
export async function restoreUndone(
  tx: Queryable,
  site: string,
  importId: number,
  sent: readonly OrderEvent[],
): Promise<RestoredEvent[]> {
  if (sent.length === 0) return []
  const orders = await loadOrdersOfUndone(tx, site, sent)
  if (orders.length === 0) return []
  const voids = new Map<string, OrderEvent[]>()
  for (const [, log] of await loadEvents(tx, site, orders)) {
    for (const found of effectiveVoids(log.toSorted(compareEvents))) {
      const { source, id } = found.data
      if (found.source !== deskSource || !found.id.startsWith(undoPrefix)) continue
      const identity = eventIdentity(String(source), String(id))
      voids.set(identity, [...(voids.get(identity) ?? []), found])
    }
  }
  return sent.flatMap((event) =>
    (voids.get(eventIdentity(event.source, event.id)) ?? []).map((found) => ({
      event,
      added: {
        source: deskSource,
        id: `redo-${importId}-${shortHash(found.source, found.id)}`,
        type: 'event.voided' as const,
        order: found.order,
        occurredAt: found.occurredAt,
        // At the same instant, the event that it voids comes first.
        sequence: (found.sequence ?? 0) + 1,
        data: { source: found.source, id: found.id, reason: `import ${importId}` },
      },
    })),
  )
}
