import { existsSync, readFileSync } from 'node:fs'
import { describePaths } from '@stagewatch/server/analysis/paths.ts'
import { describe, expect, it } from 'vitest'
import { logFile } from '../harness/log-folder.ts'
import { skipUnless } from '../harness/skip.ts'
import { casesOf, engineOf, realLogs } from './log-engine.ts'
import { readLog } from './read-log.ts'

const present = realLogs.every((log) => existsSync(logFile(log)))

describe('the paths of a real log', skipUnless(present, 'real logs (STAGEWATCH_LOGS names no folder of them)'), () => {
  it.each(realLogs)('are those that a plain count of its rows gives: %s', async (log) => {
    const cases = casesOf(readLog(log))
    const ways = new Map<string, number>()
    const moves = new Map<string, number>()
    const again = new Map<string, number>()
    for (const rows of cases.values()) {
      const stages = rows.map(({ stage }) => stage)
      count(ways, JSON.stringify(stages))
      for (const [i, stage] of stages.slice(1).entries()) count(moves, JSON.stringify([stages[i], stage]))
      for (const stage of new Set(stages.filter((each, i) => stages.indexOf(each) !== i))) count(again, stage)
    }
    const endedAt = Date.UTC(2100, 0)
    const answer = await describePaths(engineOf(cases.values(), endedAt), { clock: 'elapsed' }, endedAt + 1)
    expect(answer.orders).toBe(cases.size)
    expect(answer.otherVariants.variants).toBe(Math.max(0, ways.size - 20))
    for (const { stages, orders } of answer.variants)
      expect([stages, orders]).toEqual([stages, ways.get(JSON.stringify(stages))])
    const most = [...ways.values()].toSorted((a, b) => b - a).slice(0, 20)
    expect(answer.variants.map(({ orders }) => orders)).toEqual(most)
    const told = answer.moves.map(({ from, to, moves: times }) => [JSON.stringify([from, to]), times] as const)
    expect(new Map(told)).toEqual(moves)
    const returned = answer.stages.flatMap((stage) =>
      stage.returned > 0 ? [[stage.stage, stage.returned] as const] : [],
    )
    expect(new Map(returned)).toEqual(again)
    expectAsMined(log, answer.moves, ways.size)
  })
})

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Compares with the results of a process mining library, which are stored next to the log. */
function expectAsMined(
  log: string,
  moves: readonly { readonly from: string; readonly to: string; readonly moves: number }[],
  variants: number,
): void {
  const file = new URL(`../_reference/${log}.reference.json`, `file://${logFile(log)}`)
  // The library ordered the rows of this log by the start of the work.
  if (!existsSync(file) || log === 'production') return
  const mined: { variants: number; dfg: Record<string, { frequency: number }> } = JSON.parse(readFileSync(file, 'utf8'))
  expect(variants).toBe(mined.variants)
  const found = Object.fromEntries(moves.map(({ from, to, moves: times }) => [`${from} -> ${to}`, times]))
  expect(found).toEqual(Object.fromEntries(Object.entries(mined.dfg).map(([move, { frequency }]) => [move, frequency])))
}
