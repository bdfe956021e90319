import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { processChanges } from '@stagewatch/shared/contract/changes.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { recordChange } from '../access/changes-table.ts'
import type { RecordedChange } from '../access/changes-table.ts'
import { firstProcess } from '../platform/site.ts'
import { lockHistory, lockProcess, saveFirstDefault, saveHistory } from './catalog-table.ts'
import { lockRules, requireRebuild } from './rules-version.ts'
import { refuseUnknownApprovers } from './refuse-unknown-approvers.ts'
import { sameEnds } from './terminal-stages.ts'

/** A change to the versions of a process, and its author. */
export interface ProcessChange extends Pick<RecordedChange, 'changedAt' | 'actor' | 'reason' | 'validFrom'> {
  readonly action: (typeof processChanges)[number]
  readonly process: string
  /**
   * Returns all versions after the change. Receives the current ones, which are locked; undefined if the process does
   * not exist.
   */
  readonly versions: (before: ProcessHistory | undefined) => ProcessHistory | Promise<ProcessHistory>
}

/**
 * The only way for people to change a process: it records the change, and has orders folded again if they now end in
 * other stages. To be called in a transaction that announces the rules.
 * @returns whether existing orders fold differently now: they end in other stages, or belong to another process.
 * @throws AppError `invalid_field` when an approval newly names a person who is not a member of the site.
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
    await refuseUnknownApprovers(tx, site, before, after)
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
