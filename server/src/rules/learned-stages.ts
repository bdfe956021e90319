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

/** Adds stages to the version that is valid now, as far as the process accepts new ones. @returns what it has then. */
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

/** Takes off what nobody has saved or given limits. @returns what the process has then; undefined: there is none. */
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
 * The versions of a process as they were, with the stages that orders have come to since where it accepts new ones: as if
 * it learned them again.
 * @param visited those of the stages in which orders have been.
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

/** Whether a stage is one of these and has nothing that somebody would have had to say. */
export function isPlain(stage: StageDefinition, codes: readonly string[]): boolean {
  return codes.includes(stage.code) && isDeepStrictEqual(stage, plainStage(stage.code))
}

/** The process that comes into being with the first event: it learns its stages from the events. */
export function emptyProcess(code: string): ProcessDefinition {
  return { code, name: { zh: '订单流程', en: 'Order process' }, stages: [], acceptsNewStages: true, goals: {} }
}

/** How many stages the process would still learn from events. */
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
