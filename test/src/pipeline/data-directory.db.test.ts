import { mkdtemp, readFile, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverStatus } from '@stagewatch/shared/contract/server-status.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { parseExposition } from '../http/exposition.ts'
import type { EndedProcess } from '../harness/node-process.ts'
import { runNode } from '../harness/node-process.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import { canMountDisks, mountSmallDisk } from '../harness/small-disk.ts'
import type { SmallDisk } from '../harness/small-disk.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { eventually } from '../harness/eventually.ts'

const mebibyte = 1_048_576

describe('a data directory', { timeout: 180_000 }, () => {
  let dataDirectory: string
  let disk: SmallDisk | undefined
  let server: SpawnedServer
  let key: string

  beforeAll(async () => {
    if (canMountDisks) disk = await mountSmallDisk(256 * mebibyte)
    dataDirectory = disk?.directory ?? (await mkdtemp(join(tmpdir(), 'stagewatch-')))
    server = await spawnServer({ dataDirectory })
    const created = await stagewatch('key', 'create', '--name', 'scanner', '--scope', 'ingest,read', '--json')
    key = JSON.parse(created.stdout).key
  }, 180_000)
  afterAll(async () => {
    await server.close()
    await (disk?.close() ?? rm(dataDirectory, { recursive: true, force: true }))
  })

  function stagewatch(...args: string[]): Promise<EndedProcess> {
    return runNode('server/src/cli/stagewatch.ts', args, { DATA_DIR: dataDirectory })
  }

  const lockFile = () => join(dataDirectory, 'stagewatch.lock')
  const event = (id: string) => ({
    source: 'wms',
    id,
    type: 'stage.entered',
    order: id,
    stage: 'picking',
    occurredAt: '2026-11-20T09:00:00+08:00',
  })

  it('is worked on by commands through the server that holds it', async () => {
    expect(await sendEvents(server.url, key, [event('command')])).toMatchObject({ accepted: 1 })
    const doctor = await stagewatch('doctor', '--json')
    expect(doctor).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: true })
  })

  it('is backed up by a command through the server that holds it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stagewatch-'))
    const path = join(folder, 'backup.tar.zst')
    const backup = await stagewatch('backup', path, '--json')
    expect(backup).toMatchObject({ code: 0 })
    expect(JSON.parse(backup.stdout)).toMatchObject({ file: path, events: expect.any(Number) })
    await rm(folder, { recursive: true })
  })

  it('is refused to a second server, which says who has it, and the first one goes on', async () => {
    await sendEvents(server.url, key, [event('before')])
    const second = await runNode('server/src/main.ts', [], { DATA_DIR: dataDirectory, PORT: '0', DEMO: 'off' })
    expect(second.code).toBe(1)
    expect(second.stderr).toBe(
      `the data directory ${dataDirectory} is in use by process ${server.pid}, serving on ${server.url}\n`,
    )
    const answer = await sendEvents(server.url, key, [event('before'), event('after')])
    expect(answer).toMatchObject({ accepted: 1, duplicate: 1 })
  })

  it('has its free space in the status and in the metrics', async () => {
    const { stdout } = await stagewatch('key', 'create', '--name', 'admin', '--scope', 'admin', '--json')
    const admin: unknown = JSON.parse(stdout).key
    const { body } = await call(`${server.url}/api/v1/admin/status`, { key: String(admin) })
    const { database, checks } = serverStatus.parse(body)
    const { bavail, bsize } = await statfs(dataDirectory)
    const metrics = parseExposition(String((await call(`${server.url}/metrics`)).body))
    for (const free of [database.freeBytes, metrics.get('stagewatch_disk_free_bytes')]) {
      expect(Math.abs((free ?? 0) - bavail * bsize)).toBeLessThan(64 * mebibyte)
    }
    expect(checks).toContainEqual(expect.objectContaining({ finding: 'disk_enough', ok: true }))
    expect(JSON.stringify(body)).not.toContain(dataDirectory)
  })

  it('is for its owner only', async () => {
    for (const path of ['', 'pglite', 'pglite/base', 'pglite/PG_VERSION', 'stagewatch.lock', 'stagewatch.mutex'])
      expect([path, (await stat(join(dataDirectory, path))).mode & 0o077]).toEqual([path, 0])
  })

  it(
    'stores nothing while its disk is full, says so, and goes on as soon as there is room',
    { ...skipUnless(canMountDisks, 'a full disk (only root may mount one)'), timeout: 180_000 },
    async () => {
      const ready = async () => {
        const { status, body } = await call(`${server.url}/readyz`)
        return { status, body }
      }
      const send = (id: string) => call(`${server.url}/api/v1/events`, { key, body: [event(id)] })
      await disk!.leave(20 * mebibyte)
      await eventually(async () => expect(await ready()).toMatchObject({ status: 503, body: { code: 'disk_full' } }))
      const refused = await send('too much')
      expectProblem(refused, 503, 'disk_full')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await call(`${server.url}/api/v1/orders`, { key })).status).toBe(200)
      expect(await stagewatch('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('BAD  disk: ') })
      await disk!.enlarge()
      await eventually(async () => expect(await ready()).toMatchObject({ status: 200 }))
      expect(await send('too much')).toMatchObject({ status: 200, body: { accepted: 1 } })
      expect(await stagewatch('doctor')).toMatchObject({ stdout: expect.stringContaining('ok   disk: ') })
    },
  )

  it('is taken over from a server that was killed, with everything that was acknowledged', async () => {
    await sendEvents(server.url, key, [event('acknowledged')])
    await server.kill('SIGKILL')
    expect(await readFile(lockFile(), 'utf8')).toContain(`"pid":${server.pid}`)
    server = await spawnServer({ dataDirectory })
    const answer = await sendEvents(server.url, key, [event('acknowledged'), event('new')])
    expect(answer).toMatchObject({ accepted: 1, duplicate: 1 })
  })

  it('is let go by a server that ends, and commands work on it directly', async () => {
    await sendEvents(server.url, key, [event('last')])
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 })
    await expect(readFile(lockFile())).rejects.toThrow('ENOENT')
    const doctor = await stagewatch('doctor')
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining('match the tables') })
    await expect(readFile(lockFile())).rejects.toThrow('ENOENT')
    server = await spawnServer({ dataDirectory })
    expect(await sendEvents(server.url, key, [event('last')])).toMatchObject({ duplicate: 1 })
  })
})

describe('a server that cannot start', () => {
  it.each([
    [
      'with a wrong environment',
      { PORT: 'http', DEMO: 'maybe' },
      /^the configuration is wrong:\n {2}PORT: .+\n {2}DEMO: .+\n$/,
    ],
    ['below a path', { PUBLIC_URL: 'https://host.example/board' }, /PUBLIC_URL: must be a host without a path/],
    [
      'in a folder that cannot be',
      { DATA_DIR: '/dev/null/data' },
      /^DATA_DIR: \/dev\/null\/data must be a folder.+\n$/,
    ],
    [
      'without its database',
      { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' },
      /^DATABASE_URL: no PostgreSQL at 127\.0\.0\.1:1 .+\n$/,
    ],
  ])('says so in one sentence and ends with 1: %s', { timeout: 120_000 }, async (_, env, sentence) => {
    const { code, stdout, stderr } = await runNode('server/src/main.ts', [], { PORT: '0', DEMO: 'off', ...env })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n {4}at |secret/)
  })

  it(
    'says that the file system of its folder is mounted read-only',
    { timeout: 120_000, ...skipUnless(canMountDisks, 'a read-only file system (needs root)') },
    async () => {
      const disk = await mountSmallDisk(1_048_576)
      try {
        await disk.makeReadOnly()
        const directory = join(disk.directory, 'stagewatch', 'data')
        const { code, stderr } = await runNode('server/src/main.ts', [], {
          PORT: '0',
          DEMO: 'off',
          DATA_DIR: directory,
        })
        expect(code).toBe(1)
        expect(stderr).toBe(
          `DATA_DIR: ${directory} is on a file system that is mounted read-only: choose another folder\n`,
        )
      } finally {
        await disk.close()
      }
    },
  )
})
