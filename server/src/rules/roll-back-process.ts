import type { Queryable } from '@stagewatch/db/database.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { Actor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { changeProcess } from './change-process.ts'
import { learnedAgain } from './learned-stages.ts'
import { loadProcessChange, recordedHistory } from './recorded-history.ts'

/** Who rolls a process back to the state before a change, and why. */
export interface ProcessRollback {
  readonly actor: Actor
  readonly reason: string
  /** Id of the change to undo, along with all later ones. */
  readonly change: number
  /** Expected version of the process. */
  readonly expected: ExpectedVersion
  /** Returns those of the stages of the process that orders have visited. */
  readonly visited: (process: string, stages: ReadonlySet<string>) => Promise<ReadonlySet<string>>
}

type Rollback = ProcessRollback & { readonly process: string; readonly changedAt: number }

/** See `SiteCatalog.rollBack`; to be called in a transaction that announces the rules. */
export async function rollBackProcess(
  tx: Queryable,
  site: string,
  { process, change: id, expected, visited, ...rest }: Rollback,
): Promise<boolean> {
  const change = await loadProcessChange(tx, site, process, id)
  if (change === undefined) throw new AppError('not_found', 'the process has no such change', { field: 'change' })
  const earlier = recordedHistory(change.before)
  if (earlier === undefined) {
    const message = 'this change created the process: there is no earlier state to roll back to'
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
