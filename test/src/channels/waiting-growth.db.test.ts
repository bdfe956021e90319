import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { claimBatch } from '@stagewatch/server/channels/claim-batch.ts'
import { channelOf } from '@stagewatch/server/channels/channel-registry.ts'
import { enqueueMessages } from '@stagewatch/server/channels/enqueue-messages.ts'
import type { Sender } from '@stagewatch/server/channels/sender.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { addJobs, findDueQueues, JobWorker } from '@stagewatch/server/platform/jobs.ts'
import type { Severity } from '@stagewatch/shared/contract/messages.ts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { RowsRead } from '../harness/rows-read.ts'

const now = Date.UTC(2026, 10, 24, 1)
const hourMs = 3_600_000
const many = 20_000
let database: Database
let rows: RowsRead

beforeAll(async () => {
  database = await openTestDatabase()
  rows = new RowsRead(database)
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{"en":"Main"}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.query('delete from messages')
  await database.query('delete from jobs')
})

/** With the statistics that autovacuum would have collected by then. */
const analyze = () => database.query('analyze')

it('looks for due jobs, and claims them, reading no more rows when any number of others wait', async () => {
  const ran: string[] = []
  const worker = new JobWorker(rows.database, new VirtualClock(now), {
    name: 'test',
    concurrency: 2,
    leaseMs: 60_000,
    longestDelayMs: 24 * hourMs,
    run: ({ key }) => Promise.resolve({ kind: 'done' as const }).finally(() => ran.push(key)),
  })
  const add = (name: string, count: number, runAt: number) =>
    addJobs(
      database,
      Array.from({ length: count }, (_, i) => ({ queue: 'test', key: `${name}-${i}`, site: 'main', runAt: runAt + i })),
    )
  const look = () => rows.of(() => findDueQueues(rows.database, [worker.queue], now))
  const run = () => rows.of(() => worker.runDue())

  await add('later', 10, now + hourMs)
  await add('due', 4, now - 10)
  await analyze()
  const few = [await look(), await run()]
  await add('much later', many, now + 2 * hourMs)
  await add('due again', 4, now - 10)
  await analyze()
  expect(await findDueQueues(database, [worker.queue], now)).toEqual(new Set(['test']))
  const [looked, worked] = [await look(), await run()]
  expect(looked).toBeLessThan(10 * (few[0]! + 10))
  expect(worked).toBeLessThan(10 * (few[1]! + 10))
  expect(await findDueQueues(database, [worker.queue], now)).toEqual(new Set())
  expect(await look()).toBeLessThan(100)
  expect(ran).toHaveLength(8)
})

const { merges, limit, dialect } = channelOf('webhook')
const sender: Sender = { merges, limit, dialect, secrets: [], send: () => Promise.reject(new Error('it is not sent')) }

it('claims the most urgent of the due messages reading no more rows when any number of others wait', async () => {
  let made = 0
  /** Messages whose next attempt is at that time. */
  const add = async (count: number, severity: Severity, at: number): Promise<void> => {
    const titles = Array.from({ length: count }, () => `SO-${(made += 1)}`)
    const added = titles.map((title) => ({
      routes: [{ channel: 'hook', to: 'ann' }] as const,
      message: { severity, title, lines: [], link: '/', language: 'en' as const, orders: [title], dedupeKey: title },
    }))
    await database.transaction((tx) => enqueueMessages(tx, 'main', added, at))
  }
  const claim = async (): Promise<string[]> => {
    const options = { site: 'main', channelId: 'hook', recipient: 'ann', sender, publicUrl: 'https://x.example', now }
    const turn = await claimBatch(rows.database, options)
    return turn.kind === 'send' ? turn.batch.map(({ message }) => message.title) : [turn.kind]
  }
  const claims = async (expected: readonly string[]): Promise<number> => {
    const claimed: string[] = []
    const read = await rows.of(async () => {
      for (const _ of expected) claimed.push(...(await claim()))
    })
    expect(claimed).toEqual(expected)
    return read
  }

  await add(10, 'critical', now + 60_000)
  await add(1, 'info', now - 20)
  await add(1, 'warning', now - 10)
  await add(1, 'warning', now - 15)
  await add(10, 'info', now + 60_000)
  await analyze()
  const few = await claims(['SO-13', 'SO-12', 'SO-11', 'idle'])
  // A slow machine would take them for those of a sender that has died.
  await database.query(`update messages set state = 'sent' where state = 'sending'`)
  await add(many, 'critical', now + 120_000)
  await add(many, 'info', now + 120_000)
  const first = made
  await add(1, 'info', now - 20)
  await add(1, 'critical', now - 10)
  // A clock that was ahead has set it.
  await add(1, 'resolved', now + 30 * 24 * hourMs)
  await analyze()
  const more = await claims([`SO-${first + 2}`, `SO-${first + 1}`, `SO-${first + 3}`, 'idle'])
  expect(more).toBeLessThan(10 * few)
})

it('takes over the messages of a sender that has died', async () => {
  const added = ['SO-1', 'SO-2'].map((title) => ({
    routes: [{ channel: 'hook', to: 'ann' }] as const,
    message: {
      severity: 'info' as const,
      title,
      lines: [],
      link: '/',
      language: 'en' as const,
      orders: [title],
      dedupeKey: title,
    },
  }))
  await database.transaction((tx) => enqueueMessages(tx, 'main', added, now))
  const options = { site: 'main', channelId: 'hook', recipient: 'ann', sender, publicUrl: 'https://x.example', now }
  const kinds = [
    await claimBatch(database, options),
    await claimBatch(database, options),
    await claimBatch(database, options),
  ]
  expect(kinds.map(({ kind }) => kind)).toEqual(['send', 'send', 'idle'])
  await database.query(`update messages set sending_until = now() - interval '1 second'`)
  expect((await claimBatch(database, options)).kind).toBe('send')
})
