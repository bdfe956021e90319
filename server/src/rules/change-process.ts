import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { processChanges } from '@stagewatch/shared/contract/changes.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { recordChange } from '../access/changes-table.ts'
import type { RecordedChange } from '../access/changes-table.ts'
import { firstProcess } from '../platform/site.ts'
import { lockHistory, lockProcess, saveFirstDefault, saveHistory } from './catalog-table.ts'
import { lockRules, requireRebuild } from './rules-version.ts'
import { sameEnds } from './terminal-stages.ts'

/** Who changes the versions of which process, and how. */
export interface ProcessChange extends Pick<RecordedChange, 'changedAt' | 'actor' | 'reason' | 'validFrom'> {
  readonly action: (typeof processChanges)[number]
  readonly process: string
  /**
   * What all versions become. Given those that are there, which nobody else changes meanwhile; undefined: there is no
   * such process.
   */
  readonly versions: (before: ProcessHistory | undefined) => ProcessHistory | Promise<ProcessHistory>
}

/**
 * The one way in which people change a process: with a record of it, and orders folded again where it ends them
 * otherwise. Belongs into a transaction that announces the rules.
 * @returns whether orders that are there fold otherwise now: they end in other stages, or belong to another process.
 */
export async function changeProcess(
  tx: Queryable,
  site: string,
  { process, versions, validFrom, ...change }: ProcessChange,
): Promise<boolean> {
  await lockRules(tx, site)
  await lockProcess(tx, site, process)
  const before = await lockHistory(tx, site, process)
  const after = await versions(before)
  if (!isDeepStrictEqual(before, after)) {
    await saveHistory(tx, site, before ?? [], after)
    // The first version is valid from the beginning.
    const counts = before === undefined ? undefined : validFrom
    await recordChange(tx, site, { ...change, subject: process, validFrom: counts, before, after })
  }
  const isFirst = await saveFirstDefault(tx, site, process)
  const otherwise = (isFirst && process !== firstProcess) || !sameEnds(before, after)
  if (otherwise) await requireRebuild(tx, site)
  return otherwise
}
