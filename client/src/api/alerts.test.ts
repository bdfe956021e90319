import type { AlertView } from '@stagewatch/shared/contract/alerts.ts'
import { expect, it } from 'vitest'
import { applyAction, changeAlert } from './alerts.ts'

const alert = (id: number): AlertView => ({
  id,
  rule: { id: 'r1', name: 'Overdue', severity: 'critical' },
  state: 'open',
  beganAt: 0,
  isSilent: false,
  isUnknown: false,
  stepsDone: 1,
})
const list = { alerts: [alert(1), alert(2)], openCount: 2, waitingCount: 2 }
const acknowledge = <Shown extends AlertView>(shown: Shown) => applyAction(shown, { kind: 'acknowledge' }, 'Ada', 5)
const taken = { ...alert(2), state: 'acknowledged', acknowledgedAt: 5, acknowledgedBy: 'Ada' }

it('what somebody does to an alert shows at once in every answer that has it, and in no other', () => {
  expect(changeAlert({ pages: [list], pageParams: [''] }, 2, acknowledge)).toEqual({
    pages: [{ ...list, alerts: [alert(1), taken] }],
    pageParams: [''],
  })
  expect(changeAlert(list, 2, acknowledge)).toEqual({ ...list, alerts: [alert(1), taken] })
  expect(changeAlert({ ...alert(2), log: [] }, 2, acknowledge)).toEqual({ ...taken, log: [] })
  expect(changeAlert({ ...alert(3), log: [] }, 2, acknowledge)).toEqual({ ...alert(3), log: [] })
})

it('a snooze until the next working morning has no end before the server has named it', () => {
  const until = (end: number | 'nextWorkingMorning') => applyAction(alert(1), { kind: 'snooze', until: end }, 'Ada', 5)
  expect(until(60_000)).toEqual({ ...alert(1), state: 'snoozed', snoozedUntil: 60_000 })
  expect(until('nextWorkingMorning')).toEqual({ ...alert(1), state: 'snoozed' })
})

it('an answer ends a hand-over at once, and only the server knows when a new one ends', () => {
  const handed = { ...alert(1), handedTo: 'Li', handedBy: 'Ada', acceptBy: 60_000, isHandedToYou: true }
  expect(applyAction(handed, { kind: 'accept' }, 'Li', 5)).toEqual({
    ...alert(1),
    state: 'acknowledged',
    acknowledgedAt: 5,
    acknowledgedBy: 'Li',
  })
  expect(applyAction(handed, { kind: 'decline' }, 'Li', 5)).toEqual(alert(1))
  expect(applyAction(handed, { kind: 'snooze', until: 70_000 }, 'Ada', 5).acceptBy).toBeUndefined()
  expect(applyAction(alert(1), { kind: 'handOver', to: 'li' }, 'Ada', 5)).toEqual(alert(1))
})
