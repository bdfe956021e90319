import { expect, it } from 'vitest'
import { smallBoard } from '../live/testing/small-board.ts'
import { focusStage } from './focus-stage.ts'

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
