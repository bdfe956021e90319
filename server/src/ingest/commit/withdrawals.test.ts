import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { describe, expect, it } from 'vitest'
import { isWithdrawal, withdrawalCounts, withdrawalOf } from './withdrawals.ts'

const [placed, entered] = eventLog(['order.placed', 0], ['stage.entered', 1])

describe('withdrawing an event', () => {
  it('voids it, then voids that again, each time under the next number', () => {
    const first = withdrawalOf(entered, new Map())
    expect(first).toMatchObject({
      source: 'stagewatch:admission',
      id: expect.stringMatching(/^unknown_stage:[0-9a-f]{32}:0$/),
      type: 'event.voided',
      order: 'SO-1',
      occurredAt: 1,
      sequence: 0,
      data: { source: 'erp', id: 'e2', reason: 'unknown_stage' },
    })
    const second = withdrawalOf(entered, withdrawalCounts([first]))
    expect(second).toMatchObject({ id: first.id.replace(/0$/, '1'), sequence: 1, data: { id: first.id } })
    expect(second.data['source']).toBe('stagewatch:admission')
    const third = withdrawalOf(entered, withdrawalCounts([first, second]))
    expect(third).toMatchObject({ id: first.id.replace(/0$/, '2'), sequence: 2, data: { id: second.id } })
  })

  it('is counted for each event by itself, and told from what others void', () => {
    const [first, other] = [withdrawalOf(entered, new Map()), withdrawalOf(placed, new Map())]
    expect([...withdrawalCounts([first, other]).values()]).toEqual([1, 1])
    expect(isWithdrawal(first)).toBe(true)
    expect(isWithdrawal({ ...first, type: 'note.added' })).toBe(false)
    expect(isWithdrawal({ ...first, source: 'erp' })).toBe(false)
    expect(isWithdrawal({ ...first, data: { ...first.data, reason: 'a mistake' } })).toBe(false)
  })
})
