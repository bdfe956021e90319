import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@stagewatch/db/database.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { writeBackupFile } from '@stagewatch/server/backup/backup-files.ts'
import { writeScheduledBackup } from '@stagewatch/server/backup/scheduled-backups.ts'
import { restoreBackup } from '@stagewatch/server/backup/restore-backup.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { eventually } from '../harness/eventually.ts'
import { call } from '../http/call.ts'
import { emptyPlaces } from './empty-places.ts'
import type { EmptyPlace } from './empty-places.ts'
import { figuresOf, orderPaths } from './figures.ts'
import { plantHistory } from './plant-history.ts'

const now = Date.UTC(2026, 10, 27, 2)
const dayMs = 24 * 3_600_000
const clock = new VirtualClock(now)
let folder: string
let source: StartedServer
let key: string
let file: string
let figures: unknown
const opened: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-backup-'))
  source = await startServer({ clock })
  key = await source.createKey(['ingest', 'read', 'admin'])
  await plantHistory(source, key, now)
  figures = await figuresOf(source, key, paths)
  file = join(folder, 'backup.tar.zst')
  await writeBackupFile(file, { database: source.database, now })
})
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
  vi.unstubAllEnvs()
})
afterAll(async () => {
  await source.close()
  await rm(folder, { recursive: true, force: true })
})

const paths = [...orderPaths, 'quarantine', 'alert-rules', 'admin/changes']

async function serverOn(database: Database): Promise<StartedServer> {
  const server = await startServer({ clock, database })
  opened.push(() => server.close())
  return server
}

async function emptyPlace(): Promise<EmptyPlace> {
  const [place] = await emptyPlaces()
  opened.push(place.remove)
  return place
}

/** Opens a restored database, and compares what a server on it says. @returns the figures after one more event. */
async function requireSameFigures(place: EmptyPlace): Promise<unknown> {
  const { database } = await openDatabase(place)
  opened.push(() => database.close())
  const restored = await startServer({ clock, database })
  expect(await figuresOf(restored, key, paths)).toEqual(figures)
  // New events get new positions, and other server instances can read them: no old transaction id is in the way.
  const order = { source: 'wms', id: 'after', type: 'stage.entered', order: 'SO-AFTER', stage: 'packing' }
  const occurredAt = new Date(now).toISOString()
  expect(await sendEvents(restored.url, key, [{ ...order, occurredAt }])).toMatchObject({ accepted: 1 })
  const [state] = await database.query(
    `select count(*) filter (where tx > pg_current_xact_id())::int as unreadable,
       (count(*) - count(distinct position))::int as repeated from events`,
  )
  expect(state).toEqual({ unreadable: 0, repeated: 0 })
  // A board that was computed at this instant already is not computed again.
  await restored.close()
  return figuresOf(await serverOn(database), key, paths)
}

describe('a backup that is restored', () => {
  let embedded: EmptyPlace
  let postgresql: EmptyPlace | undefined
  let afterwards: unknown

  beforeAll(async () => {
    ;[embedded, postgresql] = await emptyPlaces()
    await restoreBackup(file, embedded)
  })
  afterAll(async () => {
    await embedded.remove()
    await postgresql?.remove()
  })

  it('gives the same figures in an embedded database, which goes on', async () => {
    afterwards = await requireSameFigures(embedded)
  })

  it('gives the same figures in PostgreSQL, which goes on', async ({ skip }) => {
    const place = postgresql ?? skip()
    await restoreBackup(file, place)
    await requireSameFigures(place)
    await expect(restoreBackup(file, place)).rejects.toThrow('already contains data')
  })

  it('does not replace data', async () => {
    await expect(restoreBackup(file, embedded)).rejects.toThrow('already contains data')
  })

  it('can be written, checked and restored by commands', async () => {
    const second = await emptyPlace()
    vi.stubEnv('DATABASE_URL', '')
    vi.stubEnv('DATA_DIR', embedded.dataDirectory)
    const path = join(folder, 'command.tar.zst')
    const counts = { orders: expect.any(Number), events: expect.any(Number) }
    expect(await run('backup', path, '--json')).toMatchObject({ code: 0, result: { file: path, ...counts } })
    expect(await run('backup', '--check', path, '--json')).toMatchObject({ code: 0, result: { file: path } })
    vi.stubEnv('DATA_DIR', second.dataDirectory)
    const { code, result } = await run('restore', path, '--json')
    expect([code, result]).toEqual([0, { sites: 1, ...counts, migrated: [] }])
    expect((await run('restore', path)).noted).toContainEqual(expect.stringContaining('already contains data'))
    expect((await run('restore')).code).toBe(2)
  })

  it('moves to PostgreSQL by a command with the same figures', async ({ skip }) => {
    const [, target = skip()] = await emptyPlaces()
    opened.push(target.remove)
    vi.stubEnv('DATABASE_URL', '')
    vi.stubEnv('DATA_DIR', embedded.dataDirectory)
    const { code, result } = await run('move', '--to', target.databaseUrl ?? '', '--json')
    expect([code, result]).toEqual([0, { sites: 1, orders: expect.any(Number), events: expect.any(Number) }])
    const { database } = await openDatabase(target)
    opened.push(() => database.close())
    expect(await figuresOf(await serverOn(database), key, paths)).toEqual(afterwards ?? figures)
    expect((await run('move', '--to', target.databaseUrl ?? '')).code).toBe(1)
  })
})

it('a backup is of one instant while events arrive, and what waited to be sent is not sent again', async () => {
  await source.database.query(
    `insert into messages (site, id, channel_id, recipient, dedupe_key, message, priority, state, created_at, queued_at)
     values ('main', 'waiting', 'inbox', 'nobody', 'waiting', '{}', 0, 'queued', now(), now())`,
  )
  const sent = Array.from({ length: 40 }, (_, i) =>
    sendEvents(source.url, key, [
      {
        source: 'wms',
        id: `during-${i}`,
        type: 'stage.entered',
        order: `SO-DURING-${i}`,
        stage: 'packing',
        occurredAt: new Date(now - dayMs).toISOString(),
      },
    ]),
  )
  const path = join(folder, 'during.tar.zst')
  await writeBackupFile(path, { database: source.database, now })
  await Promise.all(sent)
  await source.database.query(`delete from messages where id = 'waiting'`)
  const place = await emptyPlace()
  await restoreBackup(path, place)
  const { database } = await openDatabase(place)
  opened.push(() => database.close())
  // Every event is counted in the row of its order, and the other way round.
  expect(
    await database.query(
      `select o.order_id from orders o left join events e on e.site = o.site and e.order_id = o.order_id
       group by o.order_id, o.event_count having count(e.id) <> o.event_count`,
    ),
  ).toEqual([])
  expect(
    await database.query(`select state, attempts -> 0 ->> 'reason' as reason from messages where id = 'waiting'`),
  ).toEqual([{ state: 'gave-up', reason: expect.stringContaining('restored from a backup') }])
  expect(await database.query('select count(*)::int as count from user_sessions')).toEqual([{ count: 0 }])
})

describe('a file that is not a complete backup', () => {
  const cases: readonly (readonly [name: string, change: (bytes: Buffer) => Buffer, says: RegExp])[] = [
    ['is cut off at its half', (bytes) => bytes.subarray(0, bytes.length / 2), /not a complete backup/],
    ['is cut off before its last bytes', (bytes) => bytes.subarray(0, -20), /not a complete backup/],
    ['has a changed byte', (bytes) => withByte(bytes, Math.floor(bytes.length * 0.7)), /not a complete backup/],
    ['is a text', () => Buffer.from('order,stage\nSO-1,packing\n'), /not a complete backup/],
    ['is empty', () => Buffer.from(''), /not a complete backup/],
  ]
  for (const [name, change, says] of cases) {
    it(`${name}: it is refused, and nothing is created`, async () => {
      const path = join(folder, 'damaged.tar.zst')
      await writeFile(path, change(await readFile(file)))
      const place = await emptyPlace()
      await expect(restoreBackup(path, place)).rejects.toThrow(says)
      expect(await readdir(place.dataDirectory).catch(() => [])).toEqual([])
    })
  }
})

function withByte(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

it('a backup that is stopped leaves no file', async () => {
  const stop = new AbortController()
  const path = join(folder, 'stopped', 'backup.tar.zst')
  const written = writeBackupFile(path, {
    database: source.database,
    now,
    signal: stop.signal,
    progress: () => stop.abort(),
  })
  await expect(written).rejects.toThrow(/abort/i)
  expect(await readdir(join(folder, 'stopped'))).toEqual([])
})

it('a backup whose receiver goes does no harm to the server', async () => {
  const headers = { authorization: `Bearer ${source.server.access.localAdminToken}` }
  for (let round = 0; round < 5; round++) {
    expect((await fetch(`${source.url}/api/v1/admin/backup`, { headers, method: 'HEAD' })).status).toBe(200)
    const gone = new AbortController()
    const reply = await fetch(`${source.url}/api/v1/admin/backup`, { headers, signal: gone.signal })
    expect(reply.status).toBe(200)
    gone.abort()
    // Errors that nobody listens for would end the server, and end this run.
    await expect(reply.arrayBuffer()).rejects.toThrow(/abort/i)
  }
  for (let round = 0; round < 10; round++) {
    const whole = await fetch(`${source.url}/api/v1/admin/backup`, { headers })
    expect((await whole.arrayBuffer()).byteLength).toBeGreaterThan(10_000)
  }
})

it('a backup is made every day, and only the newest are kept', async () => {
  const directory = join(folder, 'daily')
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(Temporal.Now.timeZoneId())
  const at = local.add({ hours: 1 }).toPlainTime().toString({ smallestUnit: 'minute' })
  const daily = new VirtualClock(now)
  const server = await startServer({
    clock: daily,
    variables: { BACKUP_DIR: directory, BACKUP_AT: at, BACKUP_KEEP: '2' },
  })
  opened.push(() => server.close())
  const admin = await server.createKey(['admin'])
  const doctor = async () => {
    const { body } = await call(`${server.url}/api/v1/admin/doctor`, { key: admin })
    return (body as { checks: { name: string; ok: boolean; message: string }[] }).checks.find(
      ({ name }) => name === 'backups',
    )
  }
  expect(await doctor()).toMatchObject({ ok: false, message: expect.stringContaining('has none yet') })
  const names = async () => (await readdir(directory).catch((): string[] => [])).toSorted()
  daily.advanceTo(now + 3_600_000)
  const [first, second, third] = [27, 28, 29].map((day) => `stagewatch-2026-11-${day}T030000Z.tar.zst`)
  await eventually(async () => expect(await names()).toEqual([first]))
  const schedule = { directory, at, keep: 2 }
  const { database } = server
  // By clocks of their own: the server would make these backups as well.
  const writeAt = (instant: number) =>
    writeScheduledBackup({ database, clock: new VirtualClock(instant), logger: pino({ level: 'silent' }), schedule })
  // What is left of one that was broken off.
  await writeFile(join(directory, `${first}.partial`), '')
  await writeAt(now + dayMs + 3_600_000)
  expect(await names()).toEqual([first, second])
  await writeAt(now + 2 * dayMs + 3_600_000)
  expect(await names()).toEqual([second, third])
})

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  const text = terminal.printed.join('')
  return { code, noted: terminal.noted, result: text.startsWith('{') ? (JSON.parse(text) as unknown) : text }
}
