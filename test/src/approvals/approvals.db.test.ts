import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { ApprovalWorld, approvedProcess, beginAt, hourMs, minuteMs } from './approval-world.ts'

let world: ApprovalWorld

beforeAll(async () => (world = new ApprovalWorld(await openTestDatabase())))
afterEach(() => world.end())
afterAll(() => world.database.close())

const person = (id: string) => ({ kind: 'person', id }) as const
const flow: ApprovalFlow = {
  steps: [
    { approvers: [person('li')], quorum: { kind: 'any' }, timeout: { afterMs: 2 * hourMs, deputy: 'wu' } },
    { approvers: [person('fin')], quorum: { kind: 'any' }, when: { amount: { from: 1_000 } } },
  ],
  approveWhen: { customer: ['VIP*'] },
  returnTo: 'placed',
}

async function begin(approval: ApprovalFlow = flow, instances = 1) {
  const first = await world.startInstance('a')
  for (const id of ['li', 'wu', 'fin', 'zoe']) await world.addPerson(id)
  await first.site.saveProcess(approvedProcess(approval))
  for (let i = 1; i < instances; i += 1) await world.startInstance(`b${i}`)
  return first.site
}

const stageOf = async (order: string) => {
  const [row] = await world.database.query<{ stage: string }>(
    `select stage from visits where order_id = $1 and left_at is null`,
    [order],
  )
  return row?.stage
}

describe('an approval of an order', () => {
  it('is opened by the arrival, told once, and moves the order when it is given', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval', 0, { data: { amount: 500 } })])
    await world.work()
    await world.work()
    expect(await world.approvals()).toMatchObject([{ order: 'SO-1', outcome: null, waits: ['person:li'] }])
    expect(await world.told()).toEqual(['li'])
    world.clock.advanceTo(beginAt + 10 * minuteMs)
    await world.act('li', { action: 'approve' })
    expect(await world.outcomes('SO-1')).toEqual([{ type: 'stage.entered', stage: 'produced', reason: null }])
    expect(await stageOf('SO-1')).toBe('produced')
    await world.work()
    expect(await world.approvals()).toMatchObject([{ outcome: 'approved', automatic: false, waits: [] }])
  })

  it('asks a second step where its condition is met, and no earlier', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval', 0, { data: { amount: 5_000 } })])
    await world.work()
    await expect(world.act('fin', { action: 'approve' })).rejects.toMatchObject({ code: 'forbidden' })
    world.clock.advanceTo(beginAt + minuteMs)
    await world.act('li', { action: 'approve' })
    expect(await stageOf('SO-1')).toBe('approval')
    expect(await world.told()).toEqual(['li', 'fin'])
    await world.act('fin', { action: 'approve' })
    expect(await stageOf('SO-1')).toBe('produced')
  })

  it('goes back with the reason when it is rejected, and waits anew when it comes again', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    world.clock.advanceTo(beginAt + minuteMs)
    await world.act('li', { action: 'reject', comment: 'Too dear' })
    expect(await world.outcomes('SO-1')).toEqual([{ type: 'stage.entered', stage: 'placed', reason: 'Too dear' }])
    await submitEvents(site, [world.entered('SO-1', 'approval', 2)])
    await world.work()
    expect((await world.approvals()).map(({ outcome }) => outcome)).toEqual(['rejected', null])
    expect(await world.told()).toEqual(['li', 'li'])
  })

  it('is given by a rule at once, and says so for ever', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval', 0, { data: { customer: 'VIP Bau' } })])
    await world.work()
    expect(await world.approvals()).toMatchObject([{ outcome: 'approved', automatic: true }])
    expect(await world.entries()).toEqual(['automatic'])
    expect(await stageOf('SO-1')).toBe('produced')
    expect(await world.told()).toEqual([])
  })

  it('is withdrawn when the order leaves the stage by another event, which nobody can decide any more', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    await submitEvents(site, [world.entered('SO-1', 'produced', 5)])
    await world.work()
    expect(await world.approvals()).toMatchObject([{ outcome: 'withdrawn' }])
    await expect(world.act('li', { action: 'approve' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await world.outcomes('SO-1')).toEqual([])
  })

  it('is the same one when a late event says that the order came earlier, and when events come twice', async () => {
    const site = await begin()
    const arrival = world.entered('SO-1', 'approval', 5)
    await submitEvents(site, [arrival])
    await world.work()
    await submitEvents(site, [arrival, world.entered('SO-1', 'approval', 1), world.entered('SO-1', 'placed', 0)])
    await world.work()
    expect(await world.approvals()).toHaveLength(1)
    expect(await world.told()).toEqual(['li'])
  })

  it('is refused to whoever has asked for it', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval', 0, { actor: 'Li' })])
    await world.work()
    await expect(world.act('li', { action: 'approve' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('waits for one more person who was added, and for whom it was handed to', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    await world.act('li', { action: 'add', person: 'zoe' })
    await world.act('li', { action: 'delegate', person: 'fin', comment: 'On the road' })
    await expect(world.act('li', { action: 'approve' })).rejects.toMatchObject({ code: 'forbidden' })
    await world.act('fin', { action: 'approve' })
    expect(await stageOf('SO-1')).toBe('approval')
    await world.act('zoe', { action: 'approve' })
    expect(await stageOf('SO-1')).toBe('produced')
    expect(await world.entries()).toEqual(['added li', 'delegated li', 'approved fin', 'approved zoe'])
  })

  it('is handed over a hundred times at most, and can still be decided then', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    let holder = 'li'
    for (let time = 0; time < 100; time++) {
      const next = time % 2 === 0 ? 'fin' : 'zoe'
      await world.act(holder, { action: 'delegate', person: next })
      holder = next
    }
    await expect(world.act(holder, { action: 'delegate', person: 'fin' })).rejects.toMatchObject({ code: 'conflict' })
    await world.act(holder, { action: 'approve' })
    expect(await stageOf('SO-1')).toBe('produced')
  })

  it('is opened for orders that stand in the stage when the process begins to ask for it', async () => {
    const { site, approvals } = await world.startInstance()
    for (const id of ['li', 'wu', 'fin']) await world.addPerson(id)
    await submitEvents(site, [world.entered('SO-1', 'placed'), world.entered('SO-1', 'approval', 1)])
    await world.work()
    await site.saveProcess(approvedProcess(flow))
    await approvals.reconcileAll()
    await approvals.reconcileAll()
    expect(await world.approvals()).toMatchObject([{ order: 'SO-1', outcome: null }])
  })

  it('of an import is opened without telling anybody', async () => {
    const site = await begin()
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.database.query('update events set imported = true')
    await world.work()
    expect(await world.approvals()).toHaveLength(1)
    expect(await world.told()).toEqual([])
  })
})

describe('on two server instances', () => {
  it('time passes to the deputy once, exactly when the working time is over', async () => {
    const site = await begin(flow, 2)
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    world.clock.advanceTo(beginAt + 2 * hourMs - 1)
    await world.work()
    expect(await world.entries()).toEqual([])
    await expect(world.act('wu', { action: 'approve' }, 1)).rejects.toMatchObject({ code: 'forbidden' })
    world.clock.advanceTo(beginAt + 2 * hourMs)
    await world.work()
    await world.work()
    expect(await world.entries()).toEqual(['timed-out'])
    expect(await world.told()).toEqual(['li', 'wu'])
    await world.act('wu', { action: 'approve' }, 1)
    expect(await world.outcomes('SO-1')).toHaveLength(1)
  })

  it('two decisions at once are one, and the order moves once', async () => {
    const either = { steps: [{ approvers: [person('li'), person('wu')], quorum: { kind: 'any' } }] } as const
    const site = await begin(either, 2)
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    const decided = await Promise.allSettled([
      world.act('li', { action: 'approve' }, 0),
      world.act('wu', { action: 'reject', comment: 'No' }, 1),
    ])
    expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await world.work()
    expect(await world.outcomes('SO-1')).toHaveLength(1)
    expect(await world.entries()).toHaveLength(1)
  })

  it('what was decided by one that died before it told the log is told by the other, once', async () => {
    const site = await begin(flow, 2)
    await submitEvents(site, [world.entered('SO-1', 'approval')])
    await world.work()
    // The instance stops after the decision is stored, so it no longer moves the order.
    world.instances[0]!.approvals.close()
    await world.act('li', { action: 'approve' }, 0)
    expect(await world.outcomes('SO-1')).toEqual([])
    await world.work()
    expect(await world.outcomes('SO-1')).toHaveLength(1)
    // The same if the instance stopped after the event was appended and before the job was completed.
    await world.database.query(`update approvals set moved_at = null`)
    await world.database.query(
      `insert into jobs (queue, key, site, run_at) select 'approval-moves', 'main/' || id, 'main', now() - interval '1 year' from approvals`,
    )
    await world.work()
    expect(await world.outcomes('SO-1')).toHaveLength(1)
    expect(await stageOf('SO-1')).toBe('produced')
  })
})

it('a process is refused whose approval names somebody who is not there', async () => {
  const { site } = await world.startInstance()
  const nobody = { steps: [{ approvers: [person('nobody')], quorum: { kind: 'any' } }] } as const
  await expect(site.saveProcess(approvedProcess(nobody))).rejects.toMatchObject({
    code: 'invalid_field',
    details: [{ field: 'stages.1.approval.steps.0.approvers.0.id', reason: 'unknown' }],
  })
})
