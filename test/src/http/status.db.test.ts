import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addJobs } from '@stagewatch/server/platform/jobs.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { serverStatus } from '@stagewatch/shared/contract/server-status.ts'
import type { ServerStatus, StatusCheck } from '@stagewatch/shared/contract/server-status.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { pairScreen } from '../screens/pair-screen.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { someEvent } from './some-event.ts'

const minuteMs = 60_000

let folder: string
let clock: VirtualClock
let server: StartedServer
let admin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-status-'))
  // The checks compare it with the clock of the database.
  clock = new VirtualClock(Date.now())
  server = await startServer({ clock, variables: { BACKUP_DIR: folder, BACKUP_AT: '03:15' } })
  admin = await server.createKey(['admin'])
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function read(key = admin): Promise<ServerStatus> {
  const { status, body } = await call(`${server.url}/api/v1/admin/status`, { key })
  expect(status).toBe(200)
  return serverStatus.parse(body)
}

/** Lets the checks be made again, which are reused for a minute or for as long as they take. */
async function readLater(): Promise<ServerStatus> {
  clock.advanceTo(clock.now() + 2 * minuteMs)
  return read()
}

function found({ checks }: ServerStatus, finding: StatusCheck['finding']): StatusCheck | undefined {
  return checks.find((check) => check.finding === finding)
}

describe('the status of a server', () => {
  it('says what runs, for how long, and how large its database is', async () => {
    const { server: runs, database, log, screens, backup, tasks } = await read()
    expect(runs.version).toMatch(/^\d+\.\d+\.\d+/)
    const later = await readLater()
    expect(later.server.uptimeMs - runs.uptimeMs).toBe(2 * minuteMs)
    expect(database).toMatchObject({ kind: server.database.kind, version: expect.stringMatching(/^1\d/) as string })
    expect(database.bytes).toBeGreaterThan(1_000_000)
    expect(log).toEqual({ waitingEvents: 0, heldMs: 0 })
    expect(screens).toEqual({ paired: 0, online: 0 })
    expect(backup).toEqual({ dailyAt: '03:15' })
    expect(tasks.map(({ name }) => name)).toContain('write-backup')
  })

  it('counts rejected events, with problems first, and without the text of doctor', async () => {
    expect(found(await readLater(), 'quarantine_empty')).toEqual({ finding: 'quarantine_empty', ok: true })
    const key = await server.createKey(['ingest'])
    await sendEvents(server.url, key, [someEvent({ order: 'SO-1', occurredAt: 'yesterday' })])
    const status = await readLater()
    expect(found(status, 'quarantine_filled')).toEqual({ finding: 'quarantine_filled', ok: false, count: 1 })
    const oks = status.checks.map(({ ok }) => ok)
    expect(oks).toEqual(oks.toSorted((a, b) => Number(a) - Number(b)))
    expect(status.checkedAt).toBe(clock.now())
  })

  it('reuses its checks for a minute, however often the page asks', async () => {
    const first = await readLater()
    clock.advanceTo(clock.now() + minuteMs / 2)
    const again = await read()
    expect(again.asOf).toBe(first.asOf + minuteMs / 2)
    expect(again.checkedAt).toBe(first.checkedAt)
  })

  it('shows the newest backup, and complains when it is older than a day', async () => {
    await writeFile(join(folder, 'stagewatch-2026-11-22T030000Z.tar.zst'), 'x'.repeat(1_000))
    const status = await readLater()
    expect(status.backup).toMatchObject({ dailyAt: '03:15', newest: { bytes: 1_000 } })
    expect(found(status, 'backups_recent')).toMatchObject({ ok: true, bytes: 1_000 })
    expect(JSON.stringify(status)).not.toContain(folder)
  })

  it('counts the jobs of its own site only, and says how long the oldest has been due', async () => {
    const job = { queue: 'queue-of-test', key: 'one', site: 'main', runAt: clock.now() - 5 * minuteMs }
    await server.createKey(['admin'], 'elsewhere')
    await addJobs(server.database, [
      job,
      { ...job, key: 'two', runAt: clock.now() + minuteMs },
      { ...job, key: 'gone', runAt: clock.now() - 60 * minuteMs },
      { ...job, key: 'elsewhere', site: 'elsewhere', runAt: 0 },
    ])
    await server.database.query(`update jobs set dead_at = now() where key = 'gone'`)
    const queues = async (key = admin) => (await read(key)).queues.filter(({ queue }) => queue === job.queue)
    expect(await queues()).toEqual([{ queue: job.queue, waiting: 2, dead: 1, overdueMs: 5 * minuteMs }])
    await server.database.query(`delete from jobs where queue = $1 and key = 'one'`, [job.queue])
    expect(await queues()).toEqual([{ queue: job.queue, waiting: 1, dead: 1 }])
  })

  it('marks background tasks that fail, without the error, which may name other sites', async () => {
    server.server.tasks.start({
      name: 'task-of-test',
      schedule: { everyMs: minuteMs },
      instances: 'all',
      run: () => Promise.reject(new Error('the orders of elsewhere are broken')),
    })
    await readLater()
    const status = await readLater()
    expect(status.tasks[0]).toMatchObject({ name: 'task-of-test', isFailing: true, instances: 'all' })
    expect(status.tasks[0]?.failureCount).toBeGreaterThan(0)
    expect(found(status, 'tasks_failing')).toMatchObject({ ok: false, names: ['task-of-test'] })
    expect(JSON.stringify(status)).not.toContain('elsewhere')
  })

  it('counts the screens of its own site', async () => {
    await pairScreen(server, admin)
    expect((await read()).screens).toMatchObject({ paired: 1 })
    expect((await read(await server.createKey(['admin'], 'elsewhere'))).screens).toEqual({ paired: 0, online: 0 })
  })

  it('is only for who manages the site', async () => {
    const key = await server.createKey(['read', 'ingest'])
    expectProblem(await call(`${server.url}/api/v1/admin/status`, { key }), 403, 'forbidden')
  })
})
