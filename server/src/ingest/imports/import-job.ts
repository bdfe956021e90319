import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { processListOf } from '../../rules/process-view.ts'
import { actorOf } from '../../access/actor.ts'
import type { Caller } from '../../access/caller.ts'
import { announceChange } from '../../platform/site-changes.ts'
import { breakOffImport, endImport, keepImport, saveReport } from '../batches/imports-table.ts'
import { undoImport } from '../batches/undo-import.ts'
import { breakOffOf, StoppedError } from '../batches/break-off.ts'
import { importerOf, intakeSender } from './event-sender.ts'
import { UnreadableFileError } from './file-reader.ts'
import type { ImportContext } from './import-context.ts'
import { jobKey } from './import-context.ts'
import type { ImportJob } from './import-jobs.ts'
import { patiently } from './import-jobs.ts'
import { knownOrders } from './known-orders.ts'
import { deleteUpload } from './uploads-table.ts'
import type { StoredUpload } from './uploads-table.ts'

/** Limit for the file of rejected rows, which is stored next to the upload. */
const maxErrorsBytes = 64 * 1024 * 1024

interface BegunImport {
  readonly id: number
  readonly upload: StoredUpload
  readonly order: ImportOrder
  readonly caller: Caller
  /** Imports that are undone first. */
  readonly replaced: readonly number[]
}

/** Reads an upload and sends its rows. */
export function importJob(context: ImportContext, begun: BegunImport): ImportJob {
  const { database, sites, files, clock, restoreImported } = context
  const { id, upload, order, caller, replaced } = begun
  const { site } = upload
  const stored = { site, id }
  const actor = actorOf(caller)
  return {
    key: jobKey('import', site, id),
    async prepare() {
      const intake = await sites.get(site)
      for (const earlier of replaced) {
        for (let isDone = false; !isDone;) {
          const undoing = { database, intake, actor, now: clock.now(), restoreImported }
          ;({ isDone } = await undoImport(earlier, `replaced by import ${id}`, undoing))
        }
      }
    },
    task() {
      const errorsPath = files.errorsPathOf(upload.id, id)
      const rejected = { errorsPath, maxErrorsBytes }
      return Promise.resolve({ path: files.pathOf(upload.id), order, dryRun: false, preview: false, ...rejected })
    },
    async target(stopped) {
      const opened = await sites.get(site)
      const sender = intakeSender(opened, id, importerOf(caller), () => clock.now())
      return {
        known: processListOf(opened.catalog),
        sender: { ...sender, send: (events) => patiently(() => sender.send(events), stopped) },
        orders: { find: (orders) => patiently(() => knownOrders(database, site, orders), stopped) },
        async saveProcess({ process, version }) {
          const rules = await sites.get(site)
          await rules.saveProcess(process, actor, undefined, version ?? null)
        },
      }
    },
    async keep(progress, position) {
      const reached = { ...position?.decided, ...(progress !== undefined && { progress }) }
      const stopping = await keepImport(database, stored, reached)
      await announceChange(database, site, 'imports')
      return stopping
    },
    async done(report) {
      const { rows, accepted, duplicate, rejected, brokenOff, brokenOffCause } = report
      await saveReport(database, stored, report)
      await endImport(
        database,
        site,
        id,
        { rows, accepted, duplicate, rejected, brokenOff, brokenOffCause },
        clock.now(),
      )
      await announceChange(database, site, 'imports')
      // The bytes are no longer needed.
      if (brokenOff !== undefined || rejected > 0) return
      await deleteUpload(database, upload)
      await files.delete(upload.id)
    },
    async failed(error) {
      const breakOff = breakOffOf(error ?? new StoppedError())
      const cause = error instanceof UnreadableFileError ? error.problem : undefined
      await breakOffImport(database, stored, { ...breakOff, ...(cause && { brokenOffCause: cause }) }, clock.now())
    },
  }
}
