import type { Database } from '@stagewatch/db/database.ts'
import type { RuleService } from '../../rules/rule-service.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import type { EventIntake } from '../event-intake.ts'
import type { ImportJobs } from './import-jobs.ts'
import type { UploadFiles } from './upload-files.ts'

/** What reading files at the server takes. */
export interface ImportContext {
  readonly database: Database
  readonly clock: Clock
  /** Names this server instance. */
  readonly origin: string
  readonly sites: {
    /** @throws AppError `not_found`. */
    get(code: string): Promise<EventIntake & RuleService>
  }
  readonly files: UploadFiles
  readonly jobs: ImportJobs
}

/** What an import of a site is called among the jobs of a server instance; `check`: the one of an upload. */
export function jobKey(kind: 'check' | 'import', site: string, id: string | number): string {
  return `${kind}:${site}/${id}`
}
