import type { Queryable } from '@stagewatch/db/database.ts'
import { processChanges } from '@stagewatch/shared/contract/changes.ts'
import { processVersion } from '@stagewatch/shared/contract/process.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { z } from 'zod'
import { loadChanges } from '../access/changes-table.ts'
import type { StoredChange } from '../access/changes-table.ts'

const recorded = z.array(processVersion)

/** The process versions that a change has recorded; undefined if there was no process. */
export function recordedHistory(state: unknown): ProcessHistory | undefined {
  const [first, ...later] = recorded.parse(state ?? [])
  return first && [first, ...later]
}

/** A change of the versions of this process; undefined if there is none with this id. */
export async function loadProcessChange(
  db: Queryable,
  site: string,
  process: string,
  id: number,
): Promise<StoredChange | undefined> {
  const question = { after: -1, before: id + 1, limit: 1, subject: process, actions: processChanges }
  const [change] = await loadChanges(db, site, question)
  return change?.id === id ? change : undefined
}
