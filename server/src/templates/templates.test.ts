import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { hasEnded } from '@stagewatch/shared/domain/stage-visit.ts'
import { describe, expect, it } from 'vitest'
import { DryRun } from '../engine/dry-run/dry-run.ts'
import { stageStatistics } from '../query/stage-stats.ts'
import { asDraft } from './as-draft.ts'
import { departmentNames } from './building-blocks.ts'
import { SampleEngines } from './sample-engines.ts'
import { sampleOrders } from './sample-orders.ts'
import { processTemplates } from './templates.ts'

const now = Date.parse('2026-11-25T10:00:00+08:00')
const month = 30 * 86_400_000
const samples = new SampleEngines()

describe.each(processTemplates)('the template $process.code', (template) => {
  const { process, calendars, sample } = template
  const codes = process.stages.map(({ code }) => code)

  it('is a process and calendars as the API takes them', () => {
    expect(processDefinition.parse(process)).toEqual(process)
    expect(calendars.map((calendar) => calendarDefinition.parse(calendar))).toEqual(calendars)
    const named = new Set(process.stages.flatMap(({ calendar }) => calendar ?? []))
    expect(new Set(calendars.map(({ code }) => code))).toEqual(named)
  })

  it('has a limit, a department and a pace for every stage but the last', () => {
    const last = process.stages.at(-1)
    expect(last?.terminal).toBe(true)
    const unfinished = process.stages
      .slice(0, -1)
      .filter(
        ({ code, targetMs, cutOff, department, stallAfterMs }) =>
          (targetMs ?? cutOff) === undefined ||
          department === undefined ||
          stallAfterMs === undefined ||
          !((sample.pace[code]?.medianHours ?? 0) > 0),
      )
    expect(unfinished).toEqual([])
    expect(Object.keys(sample.pace)).toEqual(codes.slice(0, -1))
  })

  it('names departments that are known in both languages', () => {
    const departments = process.stages.flatMap(({ department }) => department ?? [])
    expect(departments.filter((department) => departmentNames[department]?.['zh'] === undefined)).toEqual([])
    const chinese = asDraft(template, { process: 'default', language: 'zh' })
    expect(chinese.code).toBe('default')
    expect(chinese.stages.flatMap(({ department }) => department ?? []).join('')).toMatch(/^[\u4e00-\u9fff]+$/)
    expect(asDraft(template, { language: 'en' })).toEqual(process)
  })

  it('names stages short enough for a wall, in both languages', () => {
    const tooLong = process.stages.filter(({ name }) => (name['zh'] ?? '').length > 4 || (name['en'] ?? '').length > 10)
    expect(tooLong).toEqual([])
  })

  it('has paths between its stages, and a share of the sample for each', () => {
    const paths = process.paths ?? []
    for (const { from, to } of paths) expect([codes.includes(from), codes.includes(to)]).toEqual([true, true])
    expect(Object.keys(sample.paths)).toEqual(paths.map(({ from, to }) => `${from}>${to}`))
  })

  it('has a sample in which every stage works, some orders are late and most are not', async () => {
    const { engine } = await samples.get(process.code, now)
    const figures = await stageStatistics(engine, { process: [process.code] })
    const unlikely = figures.slice(0, -1).filter(({ visits, breaches }) => visits < 30 || breaches / visits > 0.45)
    expect(unlikely).toEqual([])
    const overdue = figures.reduce((sum, stage) => sum + stage.overdue, 0)
    const open = figures.reduce((sum, stage) => sum + stage.wip, 0)
    expect(overdue).toBeGreaterThan(0)
    expect(overdue / open).toBeLessThan(0.5)
  })

  it('can be tried: with half of every limit more of the sample is late, with its own limits nothing changes', async () => {
    const { engine } = await samples.get(process.code, now)
    const half = process.stages.map((stage) => ({ ...stage, ...(stage.targetMs && { targetMs: stage.targetMs / 2 }) }))
    const tried = (stages: readonly StageDefinition[]) =>
      runToEnd(new DryRun(engine, { draft: [{ definition: { ...process, stages } }], from: now - month, now }).run())
    const same = tried(process.stages).total
    expect([same.draft, same.statusChanges]).toEqual([same.live, 0])
    const { live, draft, visits } = tried(half).total
    expect(visits).toBeGreaterThan(100)
    expect(draft.breaches).toBeGreaterThan(1.5 * live.breaches)
  })

  it('has the same sample every time, which takes its branches and returns and ends before now', () => {
    const orders = [...sampleOrders(template, now)]
    expect([...sampleOrders(template, now)]).toEqual(orders)
    const steps = new Set(
      orders.flatMap(({ state: { visits } }) => visits.slice(1).map(({ stage }, i) => `${visits[i]?.stage}>${stage}`)),
    )
    expect([...steps]).toEqual(expect.arrayContaining(Object.keys(sample.paths)))
    const instants = orders.flatMap(({ state: { visits } }) =>
      visits.flatMap((visit) => [visit.enteredAt, ...(hasEnded(visit) ? [visit.leftAt] : [])]),
    )
    expect(Math.max(...instants)).toBeLessThanOrEqual(now)
  })
})
