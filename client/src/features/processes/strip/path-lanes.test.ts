import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { expect, it } from 'vitest'
import { pathLines } from './path-lanes.ts'

const process = {
  code: 'p',
  name: {},
  stages: ['a', 'b', 'c', 'd', 'e'].map(plainStage),
  acceptsNewStages: false,
  goals: {},
}
const drawn = (...paths: readonly (readonly [from: string, to: string])[]) =>
  pathLines({ ...process, paths: paths.map(([from, to]) => ({ from, to })) }).map(
    ({ path, first, last, isReturn, lane }) =>
      `${path.from}${path.to} ${first}-${last} ${isReturn ? 'back' : 'on'} lane ${lane}`,
  )

it('paths beside each other share a lane; one that spans another lies below it', () => {
  expect(drawn(['a', 'e'], ['b', 'a'], ['d', 'e'])).toEqual([
    'ba 0-1 back lane 0',
    'de 3-4 on lane 0',
    'ae 0-4 on lane 1',
  ])
})

it('two paths that meet at a stage do not touch', () => {
  expect(drawn(['b', 'a'], ['c', 'b'])).toEqual(['ba 0-1 back lane 0', 'cb 1-2 back lane 1'])
})

it('a path of a stage that is not there is not drawn', () => {
  expect(drawn(['a', 'z'])).toEqual([])
})
