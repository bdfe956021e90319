import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import type { Severity } from './alert-rule.ts'
import { planMessages } from './plan-messages.ts'
import type { Notice } from './plan-messages.ts'

const hour = 3_600_000

function notice(id: number, group: string, severity: Severity = 'warning'): Notice {
  return { id, group, severity }
}

const told = (plan: ReturnType<typeof planMessages>) =>
  plan.messages.map(({ kind, notices }) => `${kind} ${notices.map(({ id }) => id).join(' ')}`)

describe('messages', () => {
  it('tell of each group at once, the most severe first', () => {
    const notices = [notice(1, 'qc'), notice(2, 'ship', 'critical'), notice(3, 'qc'), notice(4, 'pack', 'info')]
    expect(told(planMessages(notices, { maxPerHour: 6, sentAt: [] }, hour))).toEqual([
      'group 2',
      'group 1 3',
      'group 4',
    ])
  })

  it('join what the hour has no room for', () => {
    const notices = ['a', 'b', 'c', 'd'].map((group, i) => notice(i, group))
    const plan = planMessages(notices, { maxPerHour: 4, sentAt: [hour - 2, hour - 1] }, hour)
    expect(told(plan)).toEqual(['group 0', 'digest 1 2 3'])
    const full = planMessages(notices, { maxPerHour: 2, sentAt: [hour - 2, hour - 1] }, hour)
    expect(full).toEqual({ messages: [], againAt: 2 * hour - 2 })
  })

  it('wait for the end of quiet hours, but for those that are critical', () => {
    const notices = [notice(1, 'a'), notice(2, 'b', 'critical')]
    const plan = planMessages(notices, { maxPerHour: 6, sentAt: [], quietUntil: 5 * hour }, hour)
    expect({ told: told(plan), againAt: plan.againAt }).toEqual({ told: ['group 2'], againAt: 5 * hour })
    const silent = planMessages(notices, { maxPerHour: 6, sentAt: [], silentUntil: 3 * hour }, hour)
    expect(silent).toEqual({ messages: [], againAt: 3 * hour })
  })
})

test('every notice is sent once, and no hour exceeds its limit of messages except for critical ones', () => {
  const arrivals = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: hour / 2 }),
      group: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      severity: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 5 }), (all, maxPerHour) => {
      let now = 0
      let waiting: Notice[] = []
      let againAt: number | undefined
      const sent: { at: number; isCritical: boolean; ids: number[] }[] = []
      const flush = () => {
        const plan = planMessages(waiting, { maxPerHour, sentAt: sent.map(({ at }) => at) }, now)
        for (const { severity, notices } of plan.messages)
          sent.push({ at: now, isCritical: severity === 'critical', ids: notices.map(({ id }) => id) })
        const gone = new Set(plan.messages.flatMap(({ notices }) => notices.map(({ id }) => id)))
        waiting = waiting.filter(({ id }) => !gone.has(id))
        againAt = plan.againAt
        expect(waiting.length === 0).toBe(againAt === undefined)
        expect(againAt ?? Infinity).toBeGreaterThan(now)
      }
      for (const [id, { afterMs, group, severity }] of all.entries()) {
        const at = now + afterMs
        while (againAt !== undefined && againAt <= at) {
          now = againAt
          flush()
        }
        now = at
        waiting.push({ id, group, severity })
        flush()
      }
      for (let rounds = 0; againAt !== undefined && rounds < 1_000; rounds++) {
        now = againAt
        flush()
      }
      expect(sent.flatMap(({ ids }) => ids).toSorted((a, b) => a - b)).toEqual(all.map((_, id) => id))
      const ordinary = sent.filter(({ isCritical }) => !isCritical)
      for (const { at } of ordinary)
        expect(ordinary.filter((one) => one.at > at - hour && one.at <= at).length).toBeLessThanOrEqual(maxPerHour)
    }),
    propertyRuns,
  )
})
