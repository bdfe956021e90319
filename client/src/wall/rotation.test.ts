import { describe, expect, it } from 'vitest'
import { holdFocus, turn, turningScenes, withStage, focusStage, type Rotation } from './rotation.ts'
import { smallBoard } from '../live/testing/small-board.ts'

const pace = { firstS: 45, otherS: 20 }
const both = ['overview', 'stageFocus'] as const
const start: Rotation = { scene: 'overview', since: 0 }

describe('the scenes', () => {
  it('are those of the settings, without the focus scene while no stage needs one', () => {
    expect(turningScenes({ density: 'standard', scenes: ['overview', 'stageFocus', 'andon'] }, true)).toHaveLength(3)
    expect(turningScenes({ density: 'standard', scenes: ['overview', 'stageFocus'] }, false)).toEqual(['overview'])
    expect(turningScenes({ density: 'standard', scenes: ['stageFocus'] }, false)).toEqual(['overview'])
  })

  it('are the andon scene alone on a wall for people far away', () => {
    expect(turningScenes({ density: 'andon', scenes: ['overview', 'stageFocus'] }, true)).toEqual(['andon'])
  })
})

describe('the rotation', () => {
  it('keeps the first scene longer than the others', () => {
    expect(turn(start, both, pace, 44_999)).toBe(start)
    const second = turn(start, both, pace, 45_000)
    expect(second).toEqual({ scene: 'stageFocus', since: 45_000 })
    expect(turn(second, both, pace, 64_999)).toBe(second)
    expect(turn(second, both, pace, 65_000)).toEqual({ scene: 'overview', since: 65_000 })
  })

  it('lets a single scene stay', () => {
    expect(turn(start, ['overview'], pace, 1e9)).toBe(start)
  })

  it('leaves a scene that is no longer one', () => {
    expect(turn({ scene: 'andon', since: 0 }, both, pace, 5)).toEqual({ scene: 'overview', since: 5 })
  })

  it('stops for five minutes on the stage of a critical breach, then goes on', () => {
    const held = holdFocus(start, both, 'qc', 10_000)
    expect(held).toEqual({ scene: 'stageFocus', since: 10_000, hold: { until: 310_000, stage: 'qc' } })
    expect(turn(held, both, pace, 309_999)).toBe(held)
    expect(turn(held, both, pace, 310_000)).toEqual({ scene: 'overview', since: 310_000 })
  })

  it('does not stop on a wall without the focus scene', () => {
    expect(holdFocus(start, ['overview'], 'qc', 10_000)).toBe(start)
  })
})

describe('the stage of the focus scene', () => {
  const overview: Rotation = { scene: 'overview', since: 0 }
  const focus: Rotation = { scene: 'stageFocus', since: 100 }

  it('is chosen when the turn of the scene starts', () => {
    expect(withStage(overview, focus, 'qc')).toEqual({ ...focus, stage: 'qc' })
    expect(withStage({ ...overview, stage: 'ship' }, focus, 'qc').stage).toBe('qc')
  })

  it('stays for the turn, whatever has become worse', () => {
    const shown = withStage(overview, focus, 'qc')
    expect(withStage(shown, shown, 'ship')).toBe(shown)
    expect(withStage(shown, shown, undefined)).toBe(shown)
  })

  it('stays while the scene fades out', () => {
    const shown = withStage(overview, focus, 'qc')
    expect(withStage(shown, { scene: 'overview', since: 200 }, 'ship').stage).toBe('qc')
  })

  it('is that of a critical breach, which does not wait for a turn', () => {
    const shown = withStage(overview, focus, 'qc')
    expect(withStage(shown, { ...shown, hold: { until: 900, stage: 'ship' } }, 'qc').stage).toBe('ship')
  })

  it('is chosen again by a single scene after its time has passed', () => {
    const settings = { firstS: 45, otherS: 20 }
    const shown = withStage(overview, focus, 'qc')
    expect(turn(shown, ['stageFocus'], settings, 100 + 44_999)).toBe(shown)
    const next = turn(shown, ['stageFocus'], settings, 100 + 45_000)
    expect(withStage(shown, next, 'ship')).toMatchObject({ scene: 'stageFocus', since: 45_100, stage: 'ship' })
  })
})

const packing = smallBoard().stages['packing']!
const stages = { picking: { ...packing, overdue: 8 }, packing, labelling: { ...packing, overdue: 0 } }
const stageOrder = Object.keys(stages)

it('the framed stage is in focus, else the one with the largest overdue share', () => {
  expect(focusStage({ stages, stageOrder, bottleneck: 'labelling' })).toBe('labelling')
  expect(focusStage({ stages, stageOrder })).toBe('picking')
})

it('no stage is in focus when nothing is overdue, or nothing is open', () => {
  expect(focusStage({ stages: { packing: { ...packing, overdue: 0 } }, stageOrder: ['packing'] })).toBeUndefined()
  expect(
    focusStage({ stages: { packing: { ...packing, overdue: 0, wip: 0 } }, stageOrder: ['packing'] }),
  ).toBeUndefined()
  expect(focusStage({ stages: {}, stageOrder: [] })).toBeUndefined()
})
