import type { Database } from '@stagewatch/db/database.ts'
import type { RuleService } from '../../rules/rule-service.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import type { EventIntake } from '../event-intake.ts'
import type { RestoreImported } from '../batches/undo-import.ts'
import type { ImportJobs } from './import-jobs.ts'
import type { UploadFiles } from './upload-files.ts'

/** Dependencies of reading files on the server. */
export interface ImportContext {
  readonly database: Database
  readonly clock: Clock
  /** Identifies this server instance. */
  readonly origin: string
  readonly sites: {
    /** @throws AppError `not_found`. */
    get(code: string): Promise<EventIntake & RuleService>
  }
  readonly files: UploadFiles
  readonly jobs: ImportJobs
  readonly restoreImported: RestoreImported
}

/** Key of an import among the jobs of a server instance; `check` is the dry run of an upload. */
export function jobKey(kind: 'check' | 'import', site: string, id: string | number): string {
  return `${kind}:${site}/${id}`
}
