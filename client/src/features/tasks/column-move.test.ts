import type { TaskView } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { expect, it } from 'vitest'
import { columnMove } from './column-move.ts'

const task = (state: TaskState, change: Partial<TaskView> = {}): TaskView => ({
  id: 1,
  revision: 0,
  title: 'Call a truck',
  state,
  stateSince: 0,
  createdAt: 0,
  sentBackCount: 0,
  mayDecide: true,
  ...change,
})

it.each([
  ['unclaimed', 'inProgress', { kind: 'move', do: { kind: 'claim' } }],
  ['inProgress', 'unclaimed', { kind: 'move', do: { kind: 'release' } }],
  ['inProgress', 'waiting', { kind: 'ask', form: 'wait' }],
  ['waiting', 'inProgress', { kind: 'move', do: { kind: 'resume' } }],
  ['inProgress', 'toVerify', { kind: 'move', do: { kind: 'submit' } }],
  ['toVerify', 'closed', { kind: 'move', do: { kind: 'verify' } }],
  ['toVerify', 'inProgress', { kind: 'ask', form: 'sendBack' }],
  ['inProgress', 'closed', { kind: 'refused', why: 'submitFirst' }],
  ['unclaimed', 'closed', { kind: 'refused', why: 'claimFirst' }],
  ['closed', 'inProgress', { kind: 'move', do: { kind: 'reopen' } }],
  ['waiting', 'waiting', { kind: 'none' }],
] as const)('a card from %s to %s asks for what that means', (from, to, expected) => {
  expect(columnMove(task(from), to, true)).toEqual(expected)
})

it('a card of somebody else is theirs to move', () => {
  expect(columnMove(task('inProgress', { mayDecide: false }), 'toVerify', true)).toEqual({
    kind: 'refused',
    why: 'notYours',
  })
})

it('own work is taken back and not verified', () => {
  const own = task('toVerify', { isOwnWork: true })
  expect(columnMove(own, 'closed', true)).toEqual({ kind: 'refused', why: 'ownWork' })
  expect(columnMove(own, 'inProgress', true)).toEqual({ kind: 'move', do: { kind: 'resume' } })
})

it('a card that is offered to the reader is accepted by putting it among what is in progress', () => {
  const offered = task('inProgress', { handOver: { at: 0, isForYou: true } })
  expect(columnMove({ ...offered, state: 'waiting' }, 'inProgress', true)).toEqual({
    kind: 'move',
    do: { kind: 'accept' },
  })
})

it('without a second person, what is done is closed at once', () => {
  expect(columnMove(task('inProgress'), 'closed', false)).toEqual({ kind: 'move', do: { kind: 'submit' } })
})
