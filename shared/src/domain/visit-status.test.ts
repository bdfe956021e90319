import { describe, expect, it } from 'vitest'
import { visitStatus } from './visit-status.ts'

const hour = 3_600_000
const enteredAt = 1_000 * hour
const visit = { stage: 'packing', nth: 1, enteredAt, heldMs: 0 }
const limits = { targetMs: 10 * hour, warnAtRatio: 0.5, stallAfterMs: 20 * hour }
const after = (hours: number, of = visit) => visitStatus(of, enteredAt, limits, enteredAt + hours * hour)

describe('an open visit', () => {
  it('passes from on track to at risk, soon and overdue by time alone, each at its very instant', () => {
    const dueAt = enteredAt + 10 * hour
    const calm = { atRisk: false, soon: false, overdue: false, stalled: false, onHold: false, dueAt }
    expect(after(0)).toEqual({ ...calm, changesAt: enteredAt + 5 * hour })
    expect(after(5)).toEqual({ ...calm, atRisk: true, changesAt: enteredAt + 8 * hour })
    expect(after(8)).toEqual({ ...calm, atRisk: true, soon: true, changesAt: dueAt })
    expect(after(10)).toEqual({ ...calm, overdue: true, changesAt: enteredAt + 20 * hour })
    expect(after(20)).toEqual({ ...calm, overdue: true, stalled: true })
  })

  it('changes at no other instant than the one it names', () => {
    for (const hours of [0, 5, 8, 10]) {
      const { changesAt = Infinity, ...status } = after(hours)
      const { changesAt: _, ...justBefore } = visitStatus(visit, enteredAt, limits, changesAt - 1)
      expect(justBefore).toEqual(status)
    }
  })

  it('of a stage without a target is never at risk or overdue, but may be stalled', () => {
    const { targetMs: _, ...noTarget } = limits
    const status = visitStatus(visit, enteredAt, noTarget, enteredAt + 20 * hour)
    expect(status).toEqual({ overdue: false, atRisk: false, soon: false, stalled: true, onHold: false })
  })

  it('is due later by the time that it was on hold', () => {
    const held = { ...visit, heldMs: 3 * hour }
    expect(after(10, held)).toMatchObject({ atRisk: true, overdue: false, dueAt: enteredAt + 13 * hour })
  })
})

describe('a visit on hold', () => {
  const heldAfter = (hours: number) => ({ ...visit, heldSince: enteredAt + hours * hour })

  it('keeps what its clock showed, however long the hold lasts, and waits for no instant', () => {
    const stopped = { soon: false, stalled: false, onHold: true }
    expect(after(500, heldAfter(4))).toEqual({ ...stopped, atRisk: false, overdue: false, stoppedOverMs: -6 * hour })
    expect(after(500, heldAfter(9))).toEqual({ ...stopped, atRisk: true, overdue: false, stoppedOverMs: -hour })
    expect(after(500, heldAfter(12))).toEqual({ ...stopped, atRisk: false, overdue: true, stoppedOverMs: 2 * hour })
  })
})
