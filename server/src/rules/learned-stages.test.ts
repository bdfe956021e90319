import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { emptyProcess, isPlain, learnedAgain, roomFor } from './learned-stages.ts'

const [may, june, july] = [Date.UTC(2026, 4, 1), Date.UTC(2026, 5, 1), Date.UTC(2026, 6, 1)]

function processWith(...codes: readonly string[]): ProcessDefinition {
  return { ...emptyProcess('default'), stages: codes.map(plainStage) }
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `stage-${i + 1}`)
}

describe('a process that is rolled back', () => {
  /** As if orders had visited these stages. */
  const visited =
    (...codes: readonly string[]) =>
    (stages: ReadonlySet<string>) =>
      Promise.resolve(stages.intersection(new Set(codes)))
  const notAsked = () => Promise.reject(new Error('nobody needs to know'))

  it('keeps the stages that orders have reached since, without their settings', async () => {
    const now = {
      ...processWith('pick', 'pack', 'ship'),
      stages: [plainStage('pick'), { ...plainStage('pack'), targetMs: 1 }, plainStage('ship')],
    }
    expect(
      await learnedAgain([{ definition: processWith('pick') }], [{ definition: now }], june, visited('pick', 'pack')),
    ).toEqual([{ definition: processWith('pick', 'pack') }])
  })

  it('adds them to the version in force', async () => {
    const [first, later] = [
      { definition: processWith('pick') },
      { validFrom: june, definition: processWith('pick', 'label') },
    ]
    const now = [{ definition: processWith('pick', 'label', 'pack') }] as const
    expect(await learnedAgain([first, later], now, may, visited('pack'))).toEqual([
      { definition: processWith('pick', 'pack') },
      later,
    ])
    expect(await learnedAgain([first, later], now, july, visited('pack'))).toEqual([
      first,
      { validFrom: june, definition: processWith('pick', 'label', 'pack') },
    ])
  })

  it('is as it was if no order has visited another stage, or it accepts no new ones', async () => {
    const earlier = [{ definition: processWith('pick') }] as const
    const now = [{ definition: processWith('pick', 'pack') }] as const
    expect(await learnedAgain(earlier, now, june, visited())).toBe(earlier)
    expect(await learnedAgain(now, earlier, june, notAsked)).toBe(now)
    const closed = [{ definition: { ...processWith('pick'), acceptsNewStages: false } }] as const
    expect(await learnedAgain(closed, now, june, notAsked)).toBe(closed)
  })

  it('keeps only as many as it has room for', async () => {
    const earlier = [{ definition: processWith(...numbered(499)) }] as const
    const now = [{ definition: processWith('pack', 'ship') }] as const
    const [after] = await learnedAgain(earlier, now, june, visited('pack', 'ship'))
    expect(after.definition.stages.slice(498).map(({ code }) => code)).toEqual(['stage-499', 'pack'])
  })
})

it('a process learns 500 stages at most, and none if it accepts none', () => {
  expect(roomFor(processWith(...numbered(3)))).toBe(497)
  expect(roomFor(processWith(...numbered(500)))).toBe(0)
  expect(roomFor(processWith(...numbered(501)))).toBe(0)
  expect(roomFor({ ...emptyProcess('default'), acceptsNewStages: false })).toBe(0)
})

it('a stage is plain if it is one of those asked for and nobody has set anything of it', () => {
  expect(isPlain(plainStage('pick'), ['pack', 'pick'])).toBe(true)
  expect(isPlain(plainStage('pick'), ['pack'])).toBe(false)
  expect(isPlain({ ...plainStage('pick'), targetMs: 1 }, ['pick'])).toBe(false)
})
