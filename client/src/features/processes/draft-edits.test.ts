import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { draftReducer, edited, withField, type Edit, type EditedDraft } from './draft-edits.ts'

const stage = (code: string) => ({ code, name: { zh: code, en: code }, warnAtRatio: 0.8, toleranceRatio: 0.1 })
const process: ProcessDefinition = {
  code: 'standard',
  name: { zh: '标准', en: 'Standard' },
  stages: ['order', 'produce', 'check', 'ship'].map(stage),
  paths: [
    { from: 'check', to: 'produce', maxTimes: 2 },
    { from: 'order', to: 'ship' },
  ],
  acceptsNewStages: false,
  goals: {},
}
const codes = ({ stages }: ProcessDefinition) => stages.map(({ code }) => code).join(' ')

describe('an edit', () => {
  it.each([
    ['moves a stage back', { kind: 'moveStage', code: 'ship', to: 1 }, 'order ship produce check'],
    ['moves a stage ahead', { kind: 'moveStage', code: 'order', to: 2 }, 'produce check order ship'],
    ['moves no further than to the end', { kind: 'moveStage', code: 'order', to: 99 }, 'produce check ship order'],
    [
      'adds behind a stage',
      { kind: 'addStage', code: 'pack', name: {}, after: 'check' },
      'order produce check pack ship',
    ],
    ['adds at the end', { kind: 'addStage', code: 'sign', name: {} }, 'order produce check ship sign'],
    ['removes', { kind: 'removeStage', code: 'produce' }, 'order check ship'],
  ] as const satisfies readonly (readonly [string, Edit, string])[])('%s', (_, edit, expected) => {
    expect(codes(edited(process, edit))).toBe(expected)
  })

  it('that changes nothing leaves the process itself', () => {
    expect(edited(process, { kind: 'moveStage', code: 'check', to: 2 })).toBe(process)
    expect(edited(process, { kind: 'addStage', code: 'check', name: {} })).toBe(process)
    expect(edited(process, { kind: 'removeStage', code: 'paint' })).toBe(process)
  })

  it('that removes a stage takes the paths along that lead to it or from it', () => {
    expect(edited(process, { kind: 'removeStage', code: 'produce' }).paths).toEqual([{ from: 'order', to: 'ship' }])
    const none = edited(edited(process, { kind: 'removeStage', code: 'produce' }), {
      kind: 'removeStage',
      code: 'ship',
    })
    expect('paths' in none).toBe(false)
  })

  it('that makes a branch of a return takes its limit away', () => {
    expect(edited(process, { kind: 'moveStage', code: 'check', to: 0 }).paths?.[0]).toEqual({
      from: 'check',
      to: 'produce',
    })
  })

  it('replaces one stage and one path, and leaves the others', () => {
    const slower = edited(process, { kind: 'stage', stage: { ...stage('check'), targetMs: 5 } })
    expect(slower.stages.map(({ targetMs }) => targetMs)).toEqual([undefined, undefined, 5, undefined])
    const often = edited(process, { kind: 'path', at: 0, path: { from: 'check', to: 'produce', maxTimes: 5 } })
    expect(often.paths).toEqual([
      { from: 'check', to: 'produce', maxTimes: 5 },
      { from: 'order', to: 'ship' },
    ])
  })

  it('clears a field without leaving it there undefined', () => {
    expect(Object.keys(withField({ ...stage('check'), targetMs: 5 }, 'targetMs', undefined))).toEqual(
      Object.keys(stage('check')),
    )
  })
})

describe('undo', () => {
  const start: EditedDraft = { definition: process, past: [], future: [] }
  const remove = (code: string) => ({ kind: 'removeStage', code }) as const

  it('goes back step by step and forward again, until something else is done', () => {
    const twice = draftReducer(draftReducer(start, remove('order')), remove('ship'))
    expect(codes(twice.definition)).toBe('produce check')
    const once = draftReducer(twice, { kind: 'undo' })
    expect(codes(once.definition)).toBe('produce check ship')
    expect(draftReducer(once, { kind: 'redo' }).definition).toEqual(twice.definition)
    expect(draftReducer(draftReducer(once, { kind: 'undo' }), { kind: 'undo' }).definition).toBe(process)
    const other = draftReducer(once, remove('check'))
    expect(draftReducer(other, { kind: 'redo' })).toBe(other)
  })

  it('does not count what changes nothing', () => {
    expect(draftReducer(start, remove('paint'))).toBe(start)
  })

  it('remembers no more than a hundred steps', () => {
    let draft = start
    for (let i = 0; i < 150; i++) draft = draftReducer(draft, { kind: 'addStage', code: `s${i}`, name: {} })
    expect(draft.past).toHaveLength(100)
    expect(draft.past[0]?.stages).toHaveLength(54)
  })
})
