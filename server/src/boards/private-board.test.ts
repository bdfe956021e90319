import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { expect, it } from 'vitest'
import { privateBoard, shownTexts } from './private-board.ts'
import { boardOf, shipping } from './testing/board-of.ts'
import { engineWithHistories } from './testing/fed-engine.ts'

const minute = 60_000
const now = Date.parse('2026-11-20T09:13:00+08:00')

/** An order that has been in picking, whose limit is one hour, for so many minutes. */
function order(minutes: number, data: object, ...later: readonly HistoryEntry[]): HistoryEntry[] {
  return [['stage.entered', now - minutes * minute, { stage: 'picking', data: { ...data } }], ...later]
}

const note = (reason: string): HistoryEntry => ['note.added', now - 10 * minute, { data: { reason } }]
const assigned = (owner: string): HistoryEntry => ['order.assigned', now - 10 * minute, { data: { owner } }]
const acknowledged: HistoryEntry = ['order.acknowledged', now - 5 * minute]

const held: HistoryEntry = ['order.held', now - 20 * minute]

const process = { ...shipping, stages: [{ ...plainStage('picking'), targetMs: 60 * minute }] }
const board = boardOf(
  engineWithHistories(
    process,
    [
      ['SO-1', order(90, { customer: 'Northwind' })],
      ['SO-2', order(80, {}, assigned('Li Ming'))],
      ['SO-3', order(70, {}, note('Material is missing'))],
      ['SO-4', order(75, {})],
      ['SO-6', order(100, {}, held)],
      ['SO-7', order(100, {}, held, ['order.resumed', now - 10 * minute])],
      ['SO-5', order(55, { customer: 'Aster' }, assigned('Wang'), note('Wang is ill'), acknowledged)],
    ],
    now,
  ),
  'default',
  now,
)

it('the texts of a board are the customers, owners and reasons of its rows, and nothing where there is none', () => {
  const texts = [...shownTexts(board)]
  expect([...new Set(texts)].toSorted()).toEqual([
    'Aster',
    'Li Ming',
    'Material is missing',
    'Northwind',
    'Wang',
    'Wang is ill',
  ])
})

it('a row without names is the same for everybody, and one with names loses only these', () => {
  const shown = { ...board.overdue.rows, ...board.upcoming.rows }
  const same = privateBoard(board, openPrivacy)
  expect({ ...same.overdue.rows, ...same.upcoming.rows }).toEqual(shown)
  const hidden = privateBoard(board, { ...openPrivacy, customers: 'masked', people: 'team' })
  for (const unnamed of ['SO-4', 'SO-6', 'SO-7']) expect(hidden.overdue.rows[unnamed]).toEqual(shown[unnamed])
  expect(shown['SO-6']).toMatchObject({ stoppedOverMs: 20 * minute })
  expect(shown['SO-7']).toMatchObject({ overFrom: now - 30 * minute })
  const { owner: _, ...rest } = shown['SO-5']!
  expect(rest.acknowledged).toBe(true)
  expect(hidden.upcoming.rows['SO-5']).toEqual({ ...rest, customer: 'As**', reason: '** is ill' })
})
