import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { expect, it } from 'vitest'
import { processChanges } from './process-changes.ts'

const check = { code: 'check', name: { zh: '质检', en: 'QC' }, targetMs: 6, warnAtRatio: 0.8, toleranceRatio: 0.1 }
const ship = { code: 'ship', name: { zh: '发货', en: 'Ship' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }
const live: ProcessDefinition = {
  code: 'standard',
  name: { zh: '标准', en: 'Standard' },
  stages: [check, ship],
  paths: [{ from: 'ship', to: 'check', maxTimes: 2 }],
  acceptsNewStages: true,
  goals: { overdueCeiling: 10 },
}
const summary = (after: ProcessDefinition) =>
  processChanges(live, after).map((change) => ('field' in change ? `${change.kind} ${change.field}` : change.kind))

it('nothing differs between two ways to write the same', () => {
  const rewritten = { ...live, stages: [Object.fromEntries(Object.entries(check).toReversed()), ship] }
  expect(summary(rewritten as ProcessDefinition)).toEqual([])
})

it('each field of a stage is a change of its own', () => {
  const after = {
    ...live,
    stages: [
      { ...check, targetMs: 8, toleranceRatio: 0.12 },
      { ...ship, department: 'L' },
    ],
  }
  expect(summary(after)).toEqual(['stage targetMs', 'stage toleranceRatio', 'stage department'])
})

it('a new stage between two others moves neither; two that change places are moved once', () => {
  const pack = { ...ship, code: 'pack' }
  expect(summary({ ...live, stages: [check, pack, ship] })).toEqual(['stageAdded'])
  expect(summary({ ...live, stages: [ship, check] })).toEqual(['order'])
  expect(summary({ ...live, stages: [ship] })).toEqual(['stageRemoved'])
})

it('conditional limits that change places are a change, and one that says nothing yet is one as well', () => {
  const rules = [
    { when: { priority: ['A'] }, targetMs: 4 },
    { when: { priority: ['B'] }, targetMs: 5 },
  ]
  const ruled = { ...live, stages: [{ ...check, targets: rules }, ship] }
  const swapped = { ...live, stages: [{ ...check, targets: rules.toReversed() }, ship] }
  expect(processChanges(ruled, swapped)).toHaveLength(1)
  expect(summary({ ...live, stages: [{ ...check, targets: [{ when: {} }] }, ship] })).toEqual(['stage targets'])
})

it('goals, names and paths', () => {
  expect(
    summary({
      ...live,
      name: { zh: '标准', en: 'Usual' },
      goals: { soonCeiling: 3 },
      acceptsNewStages: false,
      paths: [{ from: 'ship', to: 'check', maxTimes: 3 }],
    }),
  ).toEqual(['name', 'acceptsNewStages', 'goal overdueCeiling', 'goal soonCeiling', 'path'])
  const { paths: _paths, ...pathless } = live
  expect(processChanges(live, pathless)).toEqual([
    { kind: 'path', before: { from: 'ship', to: 'check', maxTimes: 2 }, after: undefined },
  ])
})
