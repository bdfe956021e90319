import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { maxStages } from '@stagewatch/shared/contract/process.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { stagesEver, versionAt, withVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { and, eq } from 'drizzle-orm'
import { announceRules } from './rules-version.ts'
import { lockHistory, lockProcess, saveVersion } from './catalog-table.ts'
import { savedStages } from '../access/changes-table.ts'
import { versionToSave } from './version-to-save.ts'

interface ProcessPlace {
  readonly database: Database
  readonly site: string
  readonly process: string
}

/** Adds stages to the current version, as far as the process accepts new ones. @returns the versions afterwards. */
export function addStages(
  { database, site, process }: ProcessPlace,
  stages: readonly string[],
  now: number,
): Promise<ProcessHistory> {
  return database.transaction(async (tx) => {
    await lockProcess(tx, site, process)
    const before: ProcessHistory = (await lockHistory(tx, site, process)) ?? [{ definition: emptyProcess(process) }]
    const known = stagesEver(before)
    const current = versionAt(before, now)
    const added = stages.filter((code) => !known.has(code)).slice(0, roomFor(current))
    if (added.length === 0) return before
    const definition = { ...current, stages: [...current.stages, ...added.map(plainStage)] }
    const version = versionToSave(before, definition, undefined, now)
    await saveVersion(tx, site, version)
    await announceRules(tx, site)
    return withVersion(before, version)
  })
}

/**
 * Removes stages that nobody has saved or given limits.
 * @returns the versions afterwards; undefined if there are none.
 */
export function removeStages(
  { database, site, process }: ProcessPlace,
  stages: readonly string[],
  now: number,
): Promise<ProcessHistory | undefined> {
  return database.transaction(async (tx) => {
    await lockProcess(tx, site, process)
    const before = await lockHistory(tx, site, process)
    if (before === undefined) return undefined
    const current = versionAt(before, now)
    const saved = await savedStages(tx, site, process)
    const kept = current.stages.filter((stage) => !isPlain(stage, stages) || saved.has(stage.code))
    if (kept.length === current.stages.length) return before
    const version = versionToSave(before, { ...current, stages: kept }, undefined, now)
    await saveVersion(tx, site, version)
    await announceRules(tx, site)
    return withVersion(before, version)
  })
}

/**
 * Earlier versions of a process, plus the stages that orders have reached since if it accepts new ones, as if it had
 * learned them again.
 * @param visited returns those of the stages that orders have visited.
 */
export async function learnedAgain(
  earlier: ProcessHistory,
  now: ProcessHistory,
  at: number,
  visited: (stages: ReadonlySet<string>) => Promise<ReadonlySet<string>>,
): Promise<ProcessHistory> {
  const known = stagesEver(earlier)
  const gone = new Set([...stagesEver(now)].filter((code) => !known.has(code)))
  const current = versionAt(earlier, at)
  if (gone.size === 0 || !current.acceptsNewStages) return earlier
  const used = await visited(gone)
  const added = [...gone].filter((code) => used.has(code)).slice(0, roomFor(current))
  if (added.length === 0) return earlier
  const definition = { ...current, stages: [...current.stages, ...added.map(plainStage)] }
  return withVersion(earlier, versionToSave(earlier, definition, undefined, at))
}

/** Whether a stage is in the list and has no settings that somebody would have had to make. */
export function isPlain(stage: StageDefinition, codes: readonly string[]): boolean {
  return codes.includes(stage.code) && isDeepStrictEqual(stage, plainStage(stage.code))
}

/** The process that the first event creates: it learns its stages from events. */
export function emptyProcess(code: string): ProcessDefinition {
  return { code, name: { zh: '订单流程', en: 'Order process' }, stages: [], acceptsNewStages: true, goals: {} }
}

/** Number of stages that the process can still learn from events. */
export function roomFor({ acceptsNewStages, stages }: ProcessDefinition): number {
  return acceptsNewStages ? Math.max(0, maxStages - stages.length) : 0
}

/** Those of the stages that orders of the process have visited. */
export async function loadVisitedStages(
  db: Queryable,
  site: string,
  process: string,
  stages: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const found = await drizzleOn(db)
    .selectDistinct({ stage: visits.stage })
    .from(visits)
    .innerJoin(orders, and(eq(orders.site, visits.site), eq(orders.orderId, visits.orderId)))
    .where(and(eq(visits.site, site), anyOf(visits.stage, [...stages]), eq(orders.process, process)))
  return new Set(found.map(({ stage }) => stage))
}
