import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import { alwaysOpen } from '../time/always-open.ts'
import { calendarOf } from '../time/calendar-of.ts'
import { plantCalendar } from '../time/testing/plant-calendar.ts'
import type { ApprovalFlow, Approver, Quorum } from './approval-flow.ts'
import { requiredCount } from './approval-flow.ts'
import { approvalState } from './approval-state.ts'
import type { ApprovalEntry, ApprovalState } from './approval-state.ts'
import { actsAs, decidersOf, nextChangeAt, timedOutSlots } from './deciders.ts'
import type { ApprovalContext, ApprovalPeople } from './deciders.ts'

const hour = 3_600_000
const person = (id: string): Approver => ({ kind: 'person', id })
const any: Quorum = { kind: 'any' }
const all: Quorum = { kind: 'all' }
const atWork: ApprovalPeople = {
  isMember: () => true,
  leadsOf: (department) => (department === 'quality' ? ['li', 'wu'] : []),
  deputyOf: () => undefined,
  absenceChangesAt: () => undefined,
}

interface Case {
  readonly flow: ApprovalFlow
  readonly entries?: readonly ApprovalEntry[]
  readonly steps?: readonly number[]
  readonly openedAt?: number
}

function stateOf({ flow, entries = [], steps = flow.steps.map((_, i) => i), openedAt = 0 }: Case): ApprovalState {
  return approvalState({ flow, steps, openedAt }, entries)
}

function contextOf(flow: ApprovalFlow, change: Partial<ApprovalContext> = {}): ApprovalContext {
  return { flow, people: atWork, requesters: [], calendar: alwaysOpen, now: 0, ...change }
}

const approve = (step: number, slot: number, by: string, at = 1): ApprovalEntry => ({
  kind: 'approved',
  step,
  slot,
  by,
  at,
})

const twoOfThree = { approvers: ['a', 'b', 'c'].map(person), quorum: { kind: 'count', count: 2 } } as const

describe('an approval', () => {
  it('asks one step after the other, and moves on with the last one', () => {
    const flow = { steps: [twoOfThree, { approvers: [person('d')], quorum: any }] }
    const entries = [approve(0, 2, 'c', 5), approve(0, 0, 'a', 7)]
    expect(stateOf({ flow, entries: entries.slice(0, 1) }).reached).toHaveLength(1)
    const second = stateOf({ flow, entries })
    expect(second.reached.map(({ since, doneAt }) => [since, doneAt])).toEqual([
      [0, 7],
      [7, undefined],
    ])
    expect(decidersOf(second, contextOf(flow))).toEqual([{ person: 'd', slot: 0 }])
    const done = stateOf({ flow, entries: [...entries, approve(1, 0, 'd', 9)] })
    expect(done).toMatchObject({ outcome: 'approved', endedAt: 9, isAutomatic: false })
  })

  it('leaves out steps that do not concern the order, and is automatic where none does', () => {
    const flow = { steps: [twoOfThree, { approvers: [person('d')], quorum: any }] }
    expect(decidersOf(stateOf({ flow, steps: [1] }), contextOf(flow)).map((one) => one.person)).toEqual(['d'])
    expect(stateOf({ flow, steps: [], openedAt: 4 })).toMatchObject({
      outcome: 'approved',
      endedAt: 4,
      isAutomatic: true,
    })
  })

  it('ends with a rejection, whatever comes later', () => {
    const flow = { steps: [twoOfThree] }
    const rejected: ApprovalEntry = { kind: 'rejected', step: 0, slot: 0, by: 'a', at: 3 }
    const entries = [rejected, approve(0, 1, 'b', 4), approve(0, 2, 'c', 5)]
    expect(stateOf({ flow, entries })).toMatchObject({ outcome: 'rejected', endedAt: 3 })
    expect(actsAs(stateOf({ flow, entries }), 'b', contextOf(flow))).toBe('ended')
  })

  it('needs whoever was added besides the quorum', () => {
    const flow = { steps: [{ approvers: [person('a'), person('b')], quorum: any }] }
    const added: ApprovalEntry = { kind: 'added', step: 0, to: 'x', at: 1 }
    expect(stateOf({ flow, entries: [added, approve(0, 0, 'a', 2)] }).outcome).toBeUndefined()
    expect(stateOf({ flow, entries: [added, approve(0, 2, 'x', 2)] }).outcome).toBeUndefined()
    expect(stateOf({ flow, entries: [added, approve(0, 0, 'a', 2), approve(0, 2, 'x', 3)] }).outcome).toBe('approved')
  })

  it('takes two signatures of two people, also where one stands in for another', () => {
    const flow = { steps: [{ approvers: [person('a'), person('b')], quorum: all }] }
    const people = { ...atWork, deputyOf: (id: string) => (id === 'b' ? 'a' : undefined) }
    const state = stateOf({ flow, entries: [approve(0, 0, 'a')] })
    expect(actsAs(state, 'a', contextOf(flow, { people }))).toBe('decided-already')
    expect(stateOf({ flow, entries: [approve(0, 0, 'a'), approve(0, 1, 'a')] }).outcome).toBeUndefined()
  })
})

describe('who decides', () => {
  const flow = { steps: [{ approvers: [person('a')], quorum: any, timeout: { afterMs: 2 * hour, deputy: 'z' } }] }

  it('is any lead of a department at that time', () => {
    const ofLeads = { steps: [{ approvers: [{ kind: 'lead', department: 'quality' }], quorum: any }] } as const
    const deciders = decidersOf(stateOf({ flow: ofLeads }), contextOf(ofLeads))
    expect(deciders.map((one) => one.person)).toEqual(['li', 'wu'])
  })

  it('is the deputy as well while the approver is away, and nobody else', () => {
    const people = { ...atWork, deputyOf: (id: string, at: number) => (id === 'a' && at < hour ? 'b' : undefined) }
    const state = stateOf({ flow })
    expect(actsAs(state, 'b', contextOf(flow, { people }))).toEqual({ person: 'b', slot: 0, onBehalfOf: 'a' })
    expect(actsAs(state, 'b', contextOf(flow, { people, now: hour }))).toBe('not-asked')
    expect(actsAs(state, 'c', contextOf(flow, { people }))).toBe('not-asked')
  })

  it('is whom an approver has handed it to, and no longer the approver', () => {
    const state = stateOf({ flow, entries: [{ kind: 'delegated', step: 0, slot: 0, to: 'd', at: 1 }] })
    expect(actsAs(state, 'd', contextOf(flow))).toEqual({ person: 'd', slot: 0, onBehalfOf: 'a' })
    expect(actsAs(state, 'a', contextOf(flow))).toBe('not-asked')
  })

  it('is never whoever asked for it: as approver, as deputy, by delegation or after a time-out', () => {
    const refused = (state: ApprovalState, who: string, change: Partial<ApprovalContext> = {}) =>
      actsAs(state, who, contextOf(flow, { requesters: [who], ...change }))
    expect(refused(stateOf({ flow }), 'a')).toBe('own-request')
    expect(refused(stateOf({ flow }), 'b', { people: { ...atWork, deputyOf: () => 'b' } })).toBe('own-request')
    expect(refused(stateOf({ flow }), 'z', { now: 3 * hour })).toBe('own-request')
    const delegated = stateOf({ flow, entries: [{ kind: 'delegated', step: 0, slot: 0, to: 'd', at: 1 }] })
    expect(refused(delegated, 'd')).toBe('own-request')
    // The requester's deputy may not decide either.
    const people = { ...atWork, deputyOf: (id: string) => (id === 'a' ? 'b' : undefined) }
    expect(actsAs(stateOf({ flow }), 'b', contextOf(flow, { people, requesters: ['a'] }))).toBe('not-asked')
  })

  it('is the deputy of the step when its working time is over, exactly, over a night and a holiday', () => {
    const at = (text: string) => Date.parse(`${text}+08:00`)
    const calendar = calendarOf(plantCalendar({ holidays: [{ date: '2026-10-01', name: {}, working: false }] }))
    // A Wednesday, half an hour before work ends; Thursday is a holiday.
    const openedAt = at('2026-09-30T16:30')
    const state = stateOf({ flow, openedAt })
    const context = contextOf(flow, { calendar, now: openedAt })
    const due = at('2026-10-02T09:30')
    expect(nextChangeAt(state, context)).toBe(due)
    expect(actsAs(state, 'z', { ...context, now: due - 1 })).toBe('not-asked')
    expect(actsAs(state, 'z', { ...context, now: due })).toEqual({ person: 'z', slot: 0, onBehalfOf: 'a' })
    expect(actsAs(state, 'a', { ...context, now: due })).toEqual({ person: 'a', slot: 0 })
    expect(timedOutSlots(state, { ...context, now: due })).toEqual([0])
    const noted = stateOf({ flow, openedAt, entries: [{ kind: 'timed-out', step: 0, slot: 0, at: due }] })
    expect(timedOutSlots(noted, { ...context, now: due })).toEqual([])
    expect(nextChangeAt(noted, { ...context, now: due })).toBeUndefined()
  })
})

const ids = ['a', 'b', 'c', 'd', 'e']
const arbitraryStep = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }).chain((approvers) =>
  fc.record({
    approvers: fc.constant(approvers.map(person)),
    quorum: fc.oneof(
      fc.constantFrom(any, all),
      fc.integer({ min: 1, max: approvers.length }).map((count) => ({ kind: 'count' as const, count })),
    ),
  }),
)
const arbitraryFlow = fc.record({ steps: fc.array(arbitraryStep, { minLength: 1, maxLength: 3 }) })
const attempts = fc.array(fc.record({ who: fc.constantFrom(...ids), step: fc.nat(2), slot: fc.nat(5) }), {
  maxLength: 40,
})

test('no approval is given below the quorum of a step, whatever is sent', () => {
  fc.assert(
    fc.property(arbitraryFlow, attempts, (flow, sent) => {
      const entries = sent.map(({ who, step, slot }, i) => approve(step, slot, who, i))
      const { outcome, reached } = stateOf({ flow, entries })
      for (const { step, slots, doneAt } of reached) {
        const signed = slots.flatMap(({ decidedBy }) => (decidedBy === undefined ? [] : [decidedBy]))
        expect(new Set(signed).size).toBe(signed.length)
        expect(doneAt !== undefined).toBe(signed.length >= requiredCount(flow.steps[step]!))
      }
      expect(outcome === 'approved').toBe(reached.length === flow.steps.length && reached.at(-1)?.doneAt !== undefined)
    }),
    propertyRuns,
  )
})

test('in which order approvals of a step arrive makes no difference to what becomes of it', () => {
  const permuted = arbitraryStep.chain((step) => {
    const entries = step.approvers.map((approver, slot) => approve(0, slot, 'id' in approver ? approver.id : '', 1))
    return fc.record({ step: fc.constant(step), some: fc.shuffledSubarray(entries), sorted: fc.constant(entries) })
  })
  fc.assert(
    fc.property(permuted, ({ step, some, sorted }) => {
      const flow = { steps: [step] }
      const inOrder = sorted.filter((entry) => some.includes(entry))
      expect(stateOf({ flow, entries: some }).outcome).toBe(stateOf({ flow, entries: inOrder }).outcome)
      expect(stateOf({ flow, entries: some }).outcome).toBe(some.length >= requiredCount(step) ? 'approved' : undefined)
    }),
    propertyRuns,
  )
})
