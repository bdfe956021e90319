import type { Queryable } from '@stagewatch/db/database.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { Actor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { changeProcess } from './change-process.ts'
import { learnedAgain } from './learned-stages.ts'
import { loadProcessChange, recordedHistory } from './recorded-history.ts'

/** Who takes which change of a process back, with all that came after it, and why. */
export interface ProcessRollback {
  readonly actor: Actor
  readonly reason: string
  /** Id of the change. */
  readonly change: number
  /** Version of the process. */
  readonly expected: ExpectedVersion
  /** Those of the stages of the process in which orders have been. */
  readonly visited: (process: string, stages: ReadonlySet<string>) => Promise<ReadonlySet<string>>
}

type Rollback = ProcessRollback & { readonly process: string; readonly changedAt: number }

/** See `SiteCatalog.rollBack`; belongs into a transaction that announces the rules. */
export async function rollBackProcess(
  tx: Queryable,
  site: string,
  { process, change: id, expected, visited, ...rest }: Rollback,
): Promise<boolean> {
  const change = await loadProcessChange(tx, site, process, id)
  if (change === undefined) throw new AppError('not_found', 'the process has no such change', { field: 'change' })
  const earlier = recordedHistory(change.before)
  if (earlier === undefined) {
    const message = 'the process came into being with this change: there is nothing to go back to'
    throw new AppError('not_found', message, { field: 'change' })
  }
  const versions = async (before: ProcessHistory | undefined): Promise<ProcessHistory> => {
    const seen = (stages: ReadonlySet<string>) => visited(process, stages)
    const after = before === undefined ? earlier : await learnedAgain(earlier, before, rest.changedAt, seen)
    requireVersion(expected, { current: before, yours: after })
    return after
  }
  return changeProcess(tx, site, { ...rest, action: 'process.rolled-back', process, versions })
}
