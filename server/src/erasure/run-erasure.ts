import type { AuditStream } from '@stagewatch/db/audit-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { recordChange } from '../access/changes-table.ts'
import { streamTable } from '../audit/audit-streams.ts'
import { holdSeals } from '../audit/hold-seals.ts'
import { erasureDigest } from '../audit/verify-erasures.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { announceChange, siteTopics } from '../platform/site-changes.ts'
import { announceRules, lockRules, requireRebuild } from '../rules/rules-version.ts'
import type { ArchiveRunner } from '../retention/archive-runner.ts'
import { isUnderWay } from '../retention/archive-runs-table.ts'
import { restoreNamed } from '../retention/restore-named.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { eraseFromPlaces } from './erase-from-places.ts'
import { eraseFromPage } from './erase-from-record.ts'
import type { ErasedPage, RecordCursor } from './erase-from-record.ts'
import { searchedName } from './erased-places.ts'
import { nextErasure, updateErasure } from './erasures-table.ts'
import type { StoredErasure } from './erasures-table.ts'

const lookEveryMs = 2_000
/** A run ends early enough that no other server instance takes it for dead. */
const runForMs = 20_000

/** Does the removals that were requested, on one server instance, and continues those that were interrupted. */
export function startErasures(tasks: BackgroundTasks, { database, clock, sites, archiver }: ErasureTaskOptions): void {
  tasks.start({
    name: 'erase-personal-data',
    schedule: { everyMs: lookEveryMs },
    instances: 'one',
    async run() {
      const until = clock.elapsed() + runForMs
      while (clock.elapsed() < until) {
        const erasure = await nextErasure(database)
        if (erasure === undefined) return
        if (isNew(erasure)) {
          // It ends at the next archive, because a removal is waiting; until then it may write the name to a file.
          if (await isUnderWay(database, erasure.site)) return
          const pipeline = await sites.get(erasure.site)
          const actor = { kind: erasure.actorKind, name: erasure.actor }
          const context = { database, pipeline, directory: archiver.directory, actor, now: clock.now() }
          await restoreNamed(context, nameOf(erasure))
        }
        await continueErasure(database, clock, erasure)
      }
    },
  })
}

interface ErasureTaskOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly archiver: ArchiveRunner
}

/** No event was looked at yet. */
function isNew({ tx }: StoredErasure): boolean {
  return tx === '0'
}

/** Does the next step of a removal, in one transaction. */
export function continueErasure(database: Database, clock: Clock, erasure: StoredErasure): Promise<void> {
  return database.longRunning.transaction(async (tx) => {
    const { end, changed } = await erasePage(tx, 'events', erasure, {
      from: { tx: erasure.tx, position: String(erasure.position) },
      isLast: false,
    })
    const eventCount = erasure.eventCount + changed
    if (end === undefined) await finish(tx, clock, erasure)
    else await updateErasure(tx, erasure, { tx: end.tx, position: BigInt(end.position), eventCount })
  })
}

/** Removes the name from everything else, folds the orders again, and records that it was done. */
async function finish(tx: Queryable, clock: Clock, erasure: StoredErasure): Promise<void> {
  const { site, id, kind, pseudonym, actorKind } = erasure
  const name = nameOf(erasure)
  const now = clock.now()
  // Waits for events that are being written; nobody writes any until this transaction ends.
  await lockRules(tx, site)
  const late = await eraseRest(tx, 'events', erasure, { tx: erasure.tx, position: String(erasure.position) })
  const eventCount = erasure.eventCount + late
  const inPlaces = await eraseFromPlaces(tx, site, searchedName(name, pseudonym))
  const rowCount = inPlaces + (await eraseRest(tx, 'changes', erasure, { tx: '0', position: '-1' }))
  const actor = erasure.actor === name ? pseudonym : erasure.actor
  const reason = erasure.reason.replaceAll(name, pseudonym)
  await recordChange(tx, site, {
    changedAt: now,
    actor: { kind: actorKind, name: actor },
    action: 'personal-data.erased',
    subject: id,
    before: null,
    after: { kind, pseudonym, events: eventCount, rows: rowCount, digest: await erasureDigest(tx, id) },
    reason,
  })
  await updateErasure(tx, erasure, { name: null, actor, reason, doneAt: now, eventCount, rowCount })
  await requireRebuild(tx, site)
  await announceRules(tx, site)
  for (const topic of siteTopics) await announceChange(tx, site, topic)
}

/** @returns the number of changed rows. */
async function eraseRest(
  tx: Queryable,
  stream: AuditStream,
  erasure: StoredErasure,
  begin: RecordCursor,
): Promise<number> {
  let count = 0
  for (let from: RecordCursor | undefined = begin; from !== undefined;) {
    const { end, changed } = await erasePage(tx, stream, erasure, { from, isLast: true })
    count += changed
    from = end
  }
  return count
}

async function erasePage(
  tx: Queryable,
  stream: AuditStream,
  erasure: StoredErasure,
  page: { readonly from: RecordCursor; readonly isLast: boolean },
): Promise<ErasedPage> {
  const { site, id, pseudonym } = erasure
  await holdSeals(tx, stream)
  return eraseFromPage(tx, streamTable(stream), {
    ...page,
    site,
    name: searchedName(nameOf(erasure), pseudonym),
    erasureId: id,
  })
}

function nameOf({ name }: StoredErasure): string {
  if (name === null) throw new Error('the name was removed already')
  return name
}
