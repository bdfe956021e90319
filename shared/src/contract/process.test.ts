import { expect, test } from 'vitest'
import { plainStage } from '../domain/process-definition.ts'
import { fieldIssues } from './issue-texts.ts'
import { maxStages, processDefinition } from './process.ts'

const stage = plainStage('cut')
const process = { code: 'default', name: { en: 'Orders' }, stages: [stage], acceptsNewStages: false, goals: {} }

/** Fields that are wrong, in a definition that arrives as JSON. */
function wrongFields(change: object): readonly string[] {
  const { error } = processDefinition.safeParse(JSON.parse(JSON.stringify({ ...process, ...change })))
  return error === undefined ? [] : fieldIssues(error).map(({ field }) => field)
}

test('a process is accepted as it is', () => {
  expect(wrongFields({})).toEqual([])
  expect(wrongFields({ stages: Array.from({ length: maxStages }, (_, i) => plainStage(`s${i}`)) })).toEqual([])
})

test.for<[string, object, string]>([
  ['a limit of 0', { targetMs: 0 }, 'targetMs'],
  ['a limit below 0', { targetMs: -1 }, 'targetMs'],
  ['a limit of a part of a millisecond', { targetMs: 0.5 }, 'targetMs'],
  ['a limit that is no number', { targetMs: Number.NaN }, 'targetMs'],
  ['a limit beyond exact numbers', { targetMs: 2 ** 53 }, 'targetMs'],
  ['a limit that is a text', { targetMs: '4 h' }, 'targetMs'],
  ['a warning after the limit', { warnAtRatio: 1.1 }, 'warnAtRatio'],
  ['no code', { code: ' ' }, 'code'],
  ['a code of 201 characters', { code: 'x'.repeat(201) }, 'code'],
  ['an invisible character in its code', { code: 'cut\u200B' }, 'code'],
  ['a name of 201 characters', { name: { en: 'x'.repeat(201) } }, 'name.en'],
  ['a name in no language', { name: {} }, 'name'],
  ['no reason to hold for', { holdReasons: [] }, 'holdReasons'],
])('a stage with %s is refused', ([, change, field]) => {
  expect(wrongFields({ stages: [{ ...stage, ...change }] })).toEqual([`stages.0.${field}`])
})

test('a code that was entered in full width is that of the events, and two that differ by width only are the same', () => {
  const stages = [{ ...stage, code: ' ｃｕｔ－１ ' }]
  const wide = processDefinition.parse({ ...process, code: 'ｄｅｆａｕｌｔ', stages })
  expect([wide.code, wide.stages[0]?.code]).toEqual(['default', 'cut-1'])
  expect(wrongFields({ stages: [stage, { ...stage, code: 'ｃｕｔ' }] })).toEqual(['stages'])
})

const path = { from: 'cut', to: 'pack' }

test.for<[string, object, readonly string[]]>([
  ['two stages of one code', { stages: [stage, stage] }, ['stages']],
  ['more stages than it may have', { stages: Array.from({ length: 501 }, (_, i) => plainStage(`s${i}`)) }, ['stages']],
  ['a path to a stage that it does not have', { paths: [path] }, ['paths.0.to']],
  ['a path from a stage to itself', { paths: [{ from: 'cut', to: 'cut' }] }, ['paths.0']],
  ['the same path twice', { stages: [stage, plainStage('pack')], paths: [path, path] }, ['paths.1']],
  ['a share that is none as its goal', { goals: { onTimeRatio: 2 } }, ['goals.onTimeRatio']],
])('a process with %s is refused', ([, change, fields]) => {
  expect(wrongFields(change)).toEqual(fields)
})
