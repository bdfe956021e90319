import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from './clock/virtual-clock.ts'
import { addJobs, countJobs, findDueQueues, JobWorker } from './jobs.ts'
import type { Job, JobOutcome } from './jobs.ts'

let database: Database
const clock = new VirtualClock(1_000)
let ran: string[]

beforeAll(async () => (database = await openTestDatabase()))
beforeEach(async () => {
  await database.query('delete from jobs')
  ran = []
})
afterAll(() => database.close())

/** Runs one job at a time and notes which. */
function workerOf(run: (job: Job) => Promise<JobOutcome>): JobWorker {
  return new JobWorker(database, clock, {
    name: 'test',
    concurrency: 2,
    leaseMs: 60_000,
    run: (job) => {
      ran.push(`${job.key}#${job.attempt}`)
      return run(job)
    },
  })
}

function add(...keys: readonly string[]): Promise<void> {
  return addJobs(
    database,
    keys.map((key, i) => ({ queue: 'test', key, site: 'main', runAt: i })),
  )
}

/** As if the instance that has claimed the jobs had died a minute ago. */
async function expireLeases(): Promise<void> {
  await database.query(`update jobs set leased_until = now() - interval '1 second' where leased_until is not null`)
}

const done: JobOutcome = { kind: 'done' }

describe('a job', () => {
  it('whose work throws stops no other job, and is tried again when its lease has expired', async () => {
    await add('bad', 'a', 'b', 'c', 'd')
    const worker = workerOf(({ key }) => (key === 'bad' ? Promise.reject(new Error('broken')) : Promise.resolve(done)))
    await expect(worker.runDue()).rejects.toThrow('broken')
    expect(ran.toSorted()).toEqual(['a#1', 'b#1', 'bad#1', 'c#1', 'd#1'])
    await worker.runDue()
    expect(ran).toHaveLength(5)
    await expireLeases()
    await expect(worker.runDue()).rejects.toThrow('broken')
    expect(ran.at(-1)).toBe('bad#2')
    expect(await countJobs(database)).toEqual([{ queue: 'test', waiting: 1, dead: 0 }])
  })

  it('is tried again although the clock of the database was set back since it was claimed', async () => {
    await add('bad')
    const worker = workerOf(() => Promise.reject(new Error('broken')))
    await expect(worker.runDue()).rejects.toThrow('broken')
    expect(await findDueQueues(database, [worker.queue], clock.now())).toEqual(new Set())
    await worker.runDue()
    expect(ran).toEqual(['bad#1'])
    await database.query(`update jobs set leased_until = leased_until + interval '400 days'`)
    expect(await findDueQueues(database, [worker.queue], clock.now())).toEqual(new Set(['test']))
    await expect(worker.runDue()).rejects.toThrow('broken')
    expect(ran).toEqual(['bad#1', 'bad#2'])
  })

  it('is done although it waits for a time that a clock ahead has set, unless its queue waits for any time', async () => {
    const dayMs = 86_400_000
    const waiting = (key: string, runAt: number) => ({ queue: 'test', key, site: 'main', runAt: clock.now() + runAt })
    await addJobs(database, [waiting('soon', 60_000), waiting('at most', dayMs), waiting('never', 30 * dayMs)])
    const run = (job: Job): Promise<JobOutcome> => {
      ran.push(job.key)
      return Promise.resolve(done)
    }
    const queue = { name: 'test', concurrency: 2, leaseMs: 60_000, run }
    await new JobWorker(database, clock, queue).runDue()
    expect(ran).toEqual([])
    expect(await findDueQueues(database, [queue], clock.now())).toEqual(new Set())
    const patient = { ...queue, longestDelayMs: dayMs }
    expect(await findDueQueues(database, [patient], clock.now())).toEqual(new Set(['test']))
    await new JobWorker(database, clock, patient).runDue()
    expect(ran).toEqual(['never'])
  })

  it('that still throws in its thousandth attempt is given up, unless the database is away', async () => {
    await add('bad')
    await database.query('update jobs set attempt = 999')
    const away = workerOf(() => Promise.reject(new DatabaseUnavailableError('away', 'away')))
    await expect(away.runDue()).rejects.toThrow('away')
    expect(await countJobs(database)).toMatchObject([{ waiting: 1, dead: 0 }])
    await expireLeases()
    await workerOf(() => Promise.reject(new Error('broken'))).runDue()
    expect(await countJobs(database)).toMatchObject([{ waiting: 0, dead: 1 }])
    expect(await database.query('select last_error as "lastError" from jobs')).toEqual([{ lastError: 'Error: broken' }])
  })

  it('whose effect throws has stored nothing of it, and stays', async () => {
    await add('a')
    const effect: JobOutcome['effect'] = async (tx) => {
      await addJobs(tx, [{ queue: 'other', key: 'follow-up', site: 'main', runAt: 0 }])
      throw new Error('broken')
    }
    await expect(workerOf(() => Promise.resolve({ kind: 'done', effect })).runDue()).rejects.toThrow('broken')
    expect(await countJobs(database)).toEqual([{ queue: 'test', waiting: 1, dead: 0 }])
  })

  it('is counted as tried before its work begins, so that one that kills its server is known by its number', async () => {
    await add('a')
    const attempts = await Promise.all([
      workerOf(() => Promise.resolve({ kind: 'retry', at: 2_000, error: 'later' })).runDue(),
      workerOf(() => Promise.resolve({ kind: 'retry', at: 2_000, error: 'later' })).runDue(),
    ])
    expect(attempts).toHaveLength(2)
    expect(ran).toEqual(['a#1'])
    const lost = new JobWorker(database, clock, {
      name: 'test',
      concurrency: 1,
      leaseMs: 60_000,
      run: () => new Promise(() => {}),
    })
    clock.advanceTo(2_000)
    void lost.runDue()
    await expect
      .poll(() => database.query('select attempt from jobs where leased_until is not null'))
      .toEqual([{ attempt: 2 }])
    await expireLeases()
    await workerOf(({ attempt }) => Promise.resolve({ kind: 'dead', error: `attempt ${attempt}` })).runDue()
    expect(ran.at(-1)).toBe('a#3')
    expect(await countJobs(database)).toEqual([{ queue: 'test', waiting: 0, dead: 1 }])
  })

  it('whose lease expired while it worked leaves the outcome to the instance that has it now', async () => {
    await add('a')
    const slow = Promise.withResolvers<JobOutcome>()
    const first = workerOf(() => slow.promise).runDue()
    await expect.poll(() => ran).toEqual(['a#1'])
    await expireLeases()
    await workerOf(() => Promise.resolve({ kind: 'dead', error: 'given up' })).runDue()
    slow.resolve(done)
    await first
    expect(await countJobs(database)).toEqual([{ queue: 'test', waiting: 0, dead: 1 }])
  })

  it('of a kind that only a newer version knows is left to an instance of that version, however often it is tried', async () => {
    const older = new JobWorker(database, clock, {
      name: 'test',
      concurrency: 2,
      leaseMs: 60_000,
      knows: (key) => key === 'known',
      run: ({ key }) => {
        ran.push(key)
        return Promise.resolve({ kind: 'done' })
      },
    })
    await add('unknown', 'known')
    await older.runDue()
    expect(ran).toEqual(['known'])
    for (let i = 0; i < 3; i++) {
      clock.advanceTo(clock.now() + 2_000)
      await older.runDue()
    }
    expect(await countJobs(database)).toEqual([{ queue: 'test', waiting: 1, dead: 0 }])
    clock.advanceTo(clock.now() + 2_000)
    await workerOf(() => Promise.resolve({ kind: 'done' })).runDue()
    expect(ran).toEqual(['known', 'unknown#5'])
    expect(await countJobs(database)).toEqual([])
  })
})
