import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { Caller } from '../../access/caller.ts'
import { processListOf } from '../../rules/process-view.ts'
import { AppError } from '../../platform/app-error.ts'
import { announceChange } from '../../platform/site-changes.ts'
import { UnreadableFileError } from './file-reader.ts'
import type { ImportContext } from './import-context.ts'
import { jobKey } from './import-context.ts'
import { importerOf, trialSender } from './event-sender.ts'
import type { ImportJob } from './import-jobs.ts'
import { patiently } from './import-jobs.ts'
import { knownOrders } from './known-orders.ts'
import { keepUpload, saveUpload } from './uploads-table.ts'
import type { StoredCheck, StoredUpload } from './uploads-table.ts'

/** Dry run: reads an upload as an import with this order would, and stores only the report. */
export function checkJob(
  { database, sites, files, clock }: ImportContext,
  upload: StoredUpload,
  check: Pick<StoredCheck, 'startedAt'> & { readonly order: ImportOrder; readonly caller: Caller },
): ImportJob {
  const { site, id } = upload
  const { startedAt, order, caller } = check
  /** The process discovered in the file: events are validated as if the site had it. */
  let process: ProcessDefinition | undefined
  const save = async (
    lastCheck: Pick<StoredCheck, 'state' | 'problem' | 'table'>,
    more: Partial<Pick<StoredUpload, 'progress' | 'report'>> = {},
  ) => {
    await saveUpload(database, upload, { lastCheck: { startedAt, order, ...lastCheck }, progress: null, ...more })
    await announceChange(database, site, 'imports')
  }
  return {
    key: jobKey('check', site, id),
    async task() {
      await save({ state: 'running' })
      const rejected = { errorsPath: undefined, maxErrorsBytes: undefined }
      return { path: files.pathOf(id), order, dryRun: true, preview: true, ...rejected }
    },
    async target(stopped) {
      const opened = await sites.get(site)
      const sender = trialSender(
        opened,
        () => process,
        importerOf(caller),
        () => clock.now(),
      )
      return {
        known: processListOf(opened.catalog),
        sender: { ...sender, send: (events) => patiently(() => sender.send(events), stopped) },
        orders: { find: (orders) => patiently(() => knownOrders(database, site, orders), stopped) },
        saveProcess(discovered) {
          ;({ process } = discovered)
          return Promise.resolve()
        },
      }
    },
    async keep(progress) {
      const stopping = await keepUpload(database, upload, progress)
      await announceChange(database, site, 'imports')
      return stopping
    },
    async done(report) {
      await save({ state: report.brokenOff === undefined ? 'done' : 'stopped' }, { report })
    },
    async failed(error) {
      if (error === undefined) return save({ state: 'stopped' })
      const { code, message, details } =
        error instanceof AppError ? error : new AppError('internal', 'the server failed on the file')
      const { table, problem: file } = error instanceof UnreadableFileError ? error : {}
      await save({
        state: 'failed',
        problem: { code, message, ...(details !== undefined && { details }), ...(file !== undefined && { file }) },
        ...(table !== undefined && { table }),
      })
    },
  }
}
