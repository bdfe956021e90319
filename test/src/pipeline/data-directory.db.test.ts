import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndedProcess } from '../harness/node-process.ts'
import { startNode } from '../harness/node-process.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'

const testServer = process.env['TEST_DATABASE_URL']

describe('a data directory', () => {
  let dataDirectory: string
  let server: SpawnedServer
  let key: string

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'stagewatch-'))
    server = await spawnServer({ dataDirectory })
    const created = await stagewatch('key', 'create', '--name', 'scanner', '--scope', 'ingest,read', '--json')
    key = JSON.parse(created.stdout).key
  })
  afterAll(async () => {
    await server.close()
    await rm(dataDirectory, { recursive: true, force: true })
  })

  function stagewatch(...args: string[]): Promise<EndedProcess> {
    return startNode('server/src/command/stagewatch.ts', args, { DATA_DIR: dataDirectory }).ended
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

  it('is refused to a second server, which says who has it, and the first one goes on', async () => {
    await sendEvents(server.url, key, [event('before')])
    const second = await startNode('server/src/main.ts', [], { DATA_DIR: dataDirectory, PORT: '0', DEMO: 'off' }).ended
    expect(second.code).toBe(1)
    expect(second.stderr).toBe(
      `the data directory ${dataDirectory} is in use by process ${server.pid}, serving on ${server.url}\n`,
    )
    const answer = await sendEvents(server.url, key, [event('before'), event('after')])
    expect(answer).toMatchObject({ accepted: 1, duplicate: 1 })
  })

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
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining('equal the tables') })
    await expect(readFile(lockFile())).rejects.toThrow('ENOENT')
    server = await spawnServer({ dataDirectory })
    expect(await sendEvents(server.url, key, [event('last')])).toMatchObject({ duplicate: 1 })
  })
})

describe('an empty PostgreSQL database', skipUnless(testServer !== undefined, 'migrations on PostgreSQL'), () => {
  it('is migrated once by two servers that start at the same time', async () => {
    const name = `stagewatch_test_${randomBytes(6).toString('hex')}`
    const maintenance = openPostgresql(testServer!)
    await maintenance.query(`create database ${name}`)
    const url = new URL(testServer!)
    url.pathname = `/${name}`
    try {
      const servers = await Promise.all([
        spawnServer({ databaseUrl: url.href }),
        spawnServer({ databaseUrl: url.href }),
      ])
      await Promise.all(servers.map((server) => server.close()))
      const database = openPostgresql(url.href)
      const applied = await database.query<{ hash: string }>('select hash from drizzle.__drizzle_migrations')
      await database.close()
      expect(applied.length).toBeGreaterThan(0)
      expect(new Set(applied.map(({ hash }) => hash)).size).toBe(applied.length)
    } finally {
      await maintenance.query(`drop database ${name} with (force)`)
      await maintenance.close()
    }
  })
})
