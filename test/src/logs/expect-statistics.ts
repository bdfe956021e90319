import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import { expect } from 'vitest'
import type { NaiveStage, RowMeaning } from './naive-statistics.ts'
import { naiveStatistics, nearestRank, stageOf } from './naive-statistics.ts'
import type { LogRow } from './read-log.ts'

/** Expects the figures of a site to equal those computed from the rows. */
export async function expectStatistics(
  url: string,
  site: string,
  rows: readonly LogRow[],
  meaning: RowMeaning,
): Promise<void> {
  const truth = naiveStatistics(rows, meaning)
  const served = await loadStatistics(url, site)
  expect(served.map(({ stage }) => stage).toSorted()).toEqual([...truth.keys()].toSorted())
  for (const stage of served) expectStage(stage, stageOf(truth, stage.stage))
}

export async function loadStatistics(url: string, site: string): Promise<StageStats[]> {
  const reply = await fetch(`${url}/api/v1/stages/stats?clock=elapsed&site=${site}`)
  const { stages } = stageStatsAnswer.parse(await reply.json())
  return stages.toSorted((a, b) => (a.stage < b.stage ? -1 : 1))
}

function expectStage(served: StageStats, { dwells, orders, rework, wip }: NaiveStage): void {
  const counts = { stage: served.stage, visits: dwells.length, orders: orders.size, rework, wip }
  expect(served).toMatchObject(counts)
  if (dwells.length === 0) return
  expect(served).toMatchObject({ minMs: dwells[0], maxMs: dwells.at(-1) })
  expect(served.meanMs).toBeCloseTo(dwells.reduce((sum, dwellMs) => sum + dwellMs, 0) / dwells.length, 0)
  const percentiles = [
    [0.5, served.p50Ms],
    [0.9, served.p90Ms],
    [0.99, served.p99Ms],
  ] as const
  const wrong = percentiles.filter(([q, ms = Number.NaN]) => !isWithinOnePercent(ms, nearestRank(dwells, q)))
  expect({ stage: served.stage, wrong }).toEqual({ stage: served.stage, wrong: [] })
}

function isWithinOnePercent(ms: number, exactMs: number): boolean {
  return Math.abs(ms - exactMs) <= Math.max(1, exactMs / 100)
}
