import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { BackgroundTasks } from './background-tasks.ts'
import { addJobs, countJobs, JobWorker } from './jobs.ts'
import type { JobOutcome } from './jobs.ts'
import { holdLease } from './lease.ts'
import { VirtualClock } from './clock/virtual-clock.ts'

let database: Database
let clock: VirtualClock
beforeAll(async () => (database = await openTestDatabase()))
beforeEach(async () => {
  await database.query('delete from leases')
  await database.query('delete from jobs')
  clock = new VirtualClock(0)
})
afterAll(() => database.close())

function instance(origin: string): BackgroundTasks {
  return new BackgroundTasks({ database, clock, origin, logger: pino({ level: 'silent' }) })
}

/** Advances the clock by a minute and waits until each instance has had its turn. */
async function afterMinute(turns: () => number): Promise<void> {
  const before = turns()
  clock.advanceTo(clock.now() + 60_000)
  await vi.waitFor(() => expect(turns()).toBeGreaterThan(before))
}

describe('a background task', () => {
  it('runs again after its pause, also when a run fails, and tells of the failure until a run succeeds', async () => {
    const tasks = instance('a')
    let runs = 0
    const run = () => {
      runs += 1
      if (runs === 1) throw new Error('no luck')
    }
    tasks.start({ name: 'try', schedule: { everyMs: 60_000 }, instances: 'all', run })
    expect(tasks.reports()).toEqual([{ name: 'try', instances: 'all', failureCount: 0 }])
    await afterMinute(() => runs)
    await vi.waitFor(() =>
      expect(tasks.reports()).toMatchObject([{ lastRunAt: 60_000, lastError: 'no luck', failureCount: 1 }]),
    )
    await vi.waitFor(() => afterMinute(() => runs))
    await vi.waitFor(() => expect(tasks.reports()[0]).not.toHaveProperty('lastError'))
    expect(tasks.reports()[0]).toMatchObject({ lastRunAt: 120_000, failureCount: 1 })
    await tasks.stop()
  })

  it('that is for one instance runs on one, and on another one as soon as that has stopped or died', async () => {
    const ran: string[] = []
    const [a, b, c] = ['a', 'b', 'c'].map((origin) => {
      const tasks = instance(origin)
      tasks.start({ name: 'once', schedule: { everyMs: 60_000 }, instances: 'one', run: () => void ran.push(origin) })
      return tasks
    })
    const owner = async () => (await database.query<{ owner: string }>('select owner from leases'))[0]?.owner ?? ''
    await afterMinute(() => ran.length)
    const first = await owner()
    await vi.waitFor(() => afterMinute(() => ran.length))
    expect(new Set(ran)).toEqual(new Set([first]))
    const instances = new Map([
      ['a', a!],
      ['b', b!],
      ['c', c!],
    ])
    await instances.get(first)!.stop()
    await vi.waitFor(() => afterMinute(() => ran.length))
    const second = await owner()
    expect(second).not.toBe(first)
    expect(ran.at(-1)).toBe(second)
    // The owner dies: its lease remains and expires.
    await database.query("update leases set owner = 'dead', expires_at = clock_timestamp() - interval '1 s'")
    await vi.waitFor(() => afterMinute(() => ran.length))
    expect(await owner()).not.toBe('dead')
    for (const tasks of instances.values()) await tasks.stop()
    expect(await owner()).toBe('')
  })

  it('whose owner died runs elsewhere although the clock of the database was set back since', async () => {
    const claim = (owner: string) => holdLease(database, 'task:once', owner, 60_000)
    expect(await claim('dead')).toBe(true)
    const leftS = async () => {
      const [row] = await database.query<{ s: number }>(
        'select extract(epoch from expires_at - clock_timestamp())::float8 as s from leases',
      )
      return row?.s
    }
    await database.query(`update leases set expires_at = expires_at + interval '400 days'`)
    // The owner may be alive: it keeps its lease for as long as if it had just claimed it.
    expect(await claim('b')).toBe(false)
    expect(await leftS()).toBeCloseTo(60, -1)
    expect(await claim('dead')).toBe(true)
    await database.query(`update leases set expires_at = clock_timestamp() - interval '1 s'`)
    expect(await claim('b')).toBe(true)
    expect(await claim('dead')).toBe(false)
  })

  it('runs jobs when they are due, with one statement for all queues, and none waits for a slow one', async () => {
    let statements = 0
    const counted: Database = {
      ...database,
      query: (...statement) => ((statements += 1), database.query(...statement)),
      values: (...statement) => ((statements += 1), database.values(...statement)),
    }
    const tasks = new BackgroundTasks({ database: counted, clock, origin: 'a', logger: pino({ level: 'silent' }) })
    const ran: string[] = []
    const slow = Promise.withResolvers<void>()
    for (const name of ['quick', 'slow', 'empty']) {
      const run = async ({ key }: { readonly key: string }): Promise<JobOutcome> => {
        ran.push(key)
        if (name === 'slow') await slow.promise
        return { kind: 'done' }
      }
      tasks.startJobs(`run-${name}`, new JobWorker(counted, clock, { name, concurrency: 1, leaseMs: 60_000, run }))
    }
    const add = (queue: string, key: string, runAt: number) => addJobs(database, [{ queue, key, site: 'main', runAt }])
    const look = async () => {
      clock.advanceTo(clock.now() + 1_000)
      await vi.waitFor(() => expect(tasks.reports().every(({ lastRunAt }) => lastRunAt !== undefined)).toBe(true))
    }
    await add('quick', 'early', 2_000)
    await look()
    expect(statements).toBe(1)
    await add('slow', 'endless', 2_000)
    await vi.waitFor(async () => {
      await look()
      expect(ran.toSorted()).toEqual(['early', 'endless'])
    })
    await add('quick', 'late', 0)
    await vi.waitFor(async () => {
      await look()
      expect(ran).toContain('late')
    })
    expect(await countJobs(database)).toEqual([{ queue: 'slow', waiting: 1, dead: 0 }])
    slow.resolve()
    await tasks.stop()
    expect(await countJobs(database)).toEqual([])
  })

  it('has a name of its own', async () => {
    const tasks = instance('a')
    const task = { name: 'twice', schedule: { everyMs: 1 }, instances: 'all', run: () => undefined } as const
    tasks.start(task)
    expect(() => tasks.start(task)).toThrow('two background tasks twice')
    await tasks.stop()
  })
})
