import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import { moveTask, newTask, taskStates } from './task-state.ts'
import type { MovedTask, Task, TaskActor, TaskMove } from './task-state.ts'

const minute = 60_000
const rules = { needsVerification: true }
const li: TaskActor = { id: 'li', departments: ['store'], isManager: false }
const wu: TaskActor = { id: 'wu', departments: ['store'], isManager: false }
const fang: TaskActor = { id: 'fang', departments: ['fleet'], isManager: false }
const lead: TaskActor = { id: 'lead', departments: undefined, isManager: true }

/** The task after moves, a minute apart; each has to be allowed. */
function after(...moves: readonly (readonly [TaskActor, TaskMove])[]): Task {
  return moves.reduce(
    (task, [actor, move], i) => {
      const moved = moveTask(task, move, actor, (i + 1) * minute, rules)
      if (!moved.ok) throw new Error(`${move.kind}: ${moved.refusal}`)
      return moved.task
    },
    newTask('store', 0),
  )
}

const refusalOf = (moved: MovedTask) => (moved.ok ? 'none' : moved.refusal)
const claimed = () => after([li, { kind: 'claim' }])
const submitted = () => after([li, { kind: 'claim' }], [li, { kind: 'submit' }])

describe('a task', () => {
  it('goes from column to column until somebody else has verified it', () => {
    const waiting = after([li, { kind: 'claim' }], [li, { kind: 'wait', waitingFor: 'supplier', until: 60 * minute }])
    expect(waiting).toMatchObject({ state: 'waiting', waitingFor: 'supplier', nextUpdateAt: 60 * minute })
    const closed = after([li, { kind: 'claim' }], [li, { kind: 'submit' }], [wu, { kind: 'verify' }])
    expect(closed).toMatchObject({ state: 'closed', doneById: 'li', closedAt: 3 * minute, confirmedAt: minute })
  })

  it('belongs to who claimed it first; the same claim again changes nothing', () => {
    expect(refusalOf(moveTask(claimed(), { kind: 'claim' }, wu, 2 * minute, rules))).toBe('taken')
    expect(moveTask(claimed(), { kind: 'claim' }, li, 2 * minute, rules)).toEqual({
      ok: true,
      isSame: true,
      task: claimed(),
    })
  })

  it('is not closed by who did the work, unless the site asks for no second person', () => {
    expect(refusalOf(moveTask(submitted(), { kind: 'verify' }, li, 3 * minute, rules))).toBe('ownWork')
    const alone = moveTask(claimed(), { kind: 'submit' }, li, 3 * minute, { needsVerification: false })
    expect(alone).toMatchObject({ ok: true, task: { state: 'closed', closedAt: 3 * minute } })
  })

  it('that a manager submits for somebody is not verified by who had it', () => {
    const task = after([li, { kind: 'claim' }], [lead, { kind: 'submit' }])
    expect(refusalOf(moveTask(task, { kind: 'verify' }, li, 3 * minute, rules))).toBe('ownWork')
  })

  it('is sent back with a count, to who had it', () => {
    const moved = moveTask(submitted(), { kind: 'sendBack', text: 'no photo' }, wu, 3 * minute, rules)
    expect(moved).toMatchObject({ task: { state: 'inProgress', assigneeId: 'li', sentBackCount: 1 } })
  })

  it('of others is not moved by who may not decide', () => {
    for (const move of [{ kind: 'submit' }, { kind: 'release' }, { kind: 'wait', waitingFor: 'x' }] as const) {
      expect(refusalOf(moveTask(claimed(), move, wu, 2 * minute, rules))).toBe('notYours')
      expect(refusalOf(moveTask(claimed(), move, lead, 2 * minute, rules))).toBe('none')
    }
  })

  it('waits until an instant that lies ahead', () => {
    const move = { kind: 'wait', waitingFor: 'x', until: 2 * minute } as const
    expect(refusalOf(moveTask(claimed(), move, li, 2 * minute, rules))).toBe('inThePast')
  })
})

describe('a hand-over', () => {
  const offered = () =>
    after(
      [li, { kind: 'claim' }],
      [li, { kind: 'handOver', to: { kind: 'department', id: 'fleet' }, department: 'fleet' }],
    )

  it('leaves the task with who has it until somebody of the department accepts, and says how long that took', () => {
    expect(offered()).toMatchObject({ state: 'inProgress', assigneeId: 'li', department: 'store' })
    const accepted = moveTask(offered(), { kind: 'accept' }, fang, 10 * minute, rules)
    expect(accepted).toMatchObject({ tookMs: 8 * minute, task: { assigneeId: 'fang', department: 'fleet' } })
    expect(accepted.ok && accepted.task.handOver).toBeUndefined()
  })

  it('is accepted by nobody else', () => {
    expect(refusalOf(moveTask(offered(), { kind: 'accept' }, wu, 10 * minute, rules))).toBe('notForYou')
    expect(refusalOf(moveTask(claimed(), { kind: 'accept' }, wu, 10 * minute, rules))).toBe('notNow')
  })

  it('that is refused changes nothing', () => {
    const refused = moveTask(offered(), { kind: 'refuse', text: 'not ours' }, fang, 10 * minute, rules)
    expect(refused.ok && { ...refused.task, handOver: undefined }).toEqual({ ...claimed(), handOver: undefined })
  })
})

const move: fc.Arbitrary<TaskMove> = fc.oneof(
  fc.constantFrom<TaskMove>(
    { kind: 'claim' },
    { kind: 'assign', to: 'wu' },
    { kind: 'release' },
    { kind: 'handOver', to: { kind: 'person', id: 'wu' } },
    { kind: 'handOver', to: { kind: 'department', id: 'fleet' }, department: 'fleet' },
    { kind: 'accept' },
    { kind: 'refuse' },
    { kind: 'resume' },
    { kind: 'submit' },
    { kind: 'verify' },
    { kind: 'sendBack', text: 'no' },
    { kind: 'reopen' },
    { kind: 'comment', text: 'well' },
  ),
  fc.integer({ min: 0, max: 200 }).map((at): TaskMove => ({ kind: 'wait', waitingFor: 'x', until: at * minute })),
  fc.integer({ min: 0, max: 200 }).map((at): TaskMove => ({ kind: 'promise', until: at * minute })),
)
const moves = fc.array(fc.tuple(fc.constantFrom(li, wu, fang, lead), move), { maxLength: 40 })

/** Lets people attempt moves, a minute apart, and calls back after each successful one. */
function play(
  tried: readonly (readonly [TaskActor, TaskMove])[],
  seen: (before: Task, next: Task, actor: TaskActor, kind: TaskMove['kind']) => void,
): void {
  let task = newTask('store', 0)
  for (const [i, [actor, each]] of tried.entries()) {
    const moved = moveTask(task, each, actor, (i + 1) * minute, rules)
    if (!moved.ok) continue
    seen(task, moved.task, actor, each.kind)
    task = moved.task
  }
}

describe('whatever people try', () => {
  test('a task under way has somebody, a closed one an end, and only a waiting one waits', () => {
    fc.assert(
      fc.property(moves, (tried) => {
        play(tried, (_, next) => {
          expect(taskStates).toContain(next.state)
          const isUnderWay = next.state === 'inProgress' || next.state === 'waiting'
          expect(!isUnderWay || (next.assigneeId !== undefined && next.confirmedAt !== undefined)).toBe(true)
          expect(next.closedAt !== undefined).toBe(next.state === 'closed')
          expect(next.waitingFor !== undefined).toBe(next.state === 'waiting')
          expect(next.doneById !== undefined).toBe(next.state === 'closed' || next.state === 'toVerify')
        })
      }),
      propertyRuns,
    )
  })

  test('nobody closes their own work', () => {
    fc.assert(
      fc.property(moves, (tried) => {
        play(tried, (before, next, actor) => {
          if (before.state === 'closed' || next.state !== 'closed') return
          expect(actor.id).not.toBe(before.doneById)
          expect(actor.id).not.toBe(before.assigneeId)
        })
      }),
      propertyRuns,
    )
  })

  test('somebody gets a task by taking it themselves, and loses it by an own word or that of a manager', () => {
    fc.assert(
      fc.property(moves, (tried) => {
        play(tried, (before, next, actor, kind) => {
          const isUnderWay = next.state === 'inProgress' || next.state === 'waiting'
          const isTaken = isUnderWay && next.assigneeId !== before.assigneeId
          expect(!isTaken || next.assigneeId === actor.id).toBe(true)
          const isLost = before.state === 'inProgress' && next.assigneeId !== before.assigneeId && kind !== 'accept'
          expect(!isLost || actor.isManager || actor.id === before.assigneeId).toBe(true)
        })
      }),
      propertyRuns,
    )
  })
})
