import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { emptyPlaces } from '../backup/empty-places.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { sealAll } from './seal-and-verify.ts'

const [embedded, postgresql] = await emptyPlaces()
const place = postgresql ?? embedded
afterAll(async () => {
  await embedded.remove()
  await postgresql?.remove()
})

async function run(...args: string[]): Promise<{ code: number; printed: readonly string[]; noted: readonly string[] }> {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  return { code, printed: terminal.printed, noted: terminal.noted }
}

/** A server that has the database open, as commands find it. */
async function startServerThere(): Promise<StartedServer> {
  const { database, lock } = await openDatabase(place)
  const server = await startServer({ database, ...(lock !== undefined && { localAdminToken: lock.token }) })
  await lock?.announce(server.url)
  return {
    ...server,
    async close() {
      await server.close()
      await database.close()
    },
  }
}

describe('the command audit', () => {
  let kept: string
  beforeAll(async () => {
    vi.stubEnv('DATABASE_URL', place.databaseUrl ?? '')
    vi.stubEnv('DATA_DIR', place.dataDirectory)
    kept = join(embedded.dataDirectory, '..', 'kept.ndjson')
    const server = await startServerThere()
    const key = await server.createKey(['ingest'])
    const event = (id: number) => ({ source: 'erp', id: `${id}`, type: 'order.placed', order: `SO-${id}` })
    const occurredAt = new Date().toISOString()
    const events = Array.from({ length: 30 }, (_, id) => ({ ...event(id), occurredAt }))
    expect(await sendEvents(server.url, key, events)).toMatchObject({ accepted: 30 })
    await sealAll(server.database)
    await server.close()
  })
  afterAll(() => vi.unstubAllEnvs())

  it('verifies the record, and compares it with heads that were kept', async () => {
    const heads = await run('audit', 'heads')
    expect(heads).toMatchObject({ code: 0 })
    expect(heads.printed.map((line) => (JSON.parse(line) as { stream: string }).stream)).toContain('events')
    await writeFile(kept, `${heads.printed.join('\n')}\n`)
    const { code, printed } = await run('audit', 'verify', '--heads', kept)
    expect([code, printed.at(-1)]).toEqual([0, 'the record is intact'])
    expect(printed).toContain(`compared with ${heads.printed.length} heads that were kept elsewhere`)
    expect(printed).toContain('main: 30 events in 1 seal')
  })

  it('says the same through the server that has the database open', async () => {
    const server = await startServerThere()
    try {
      const { code, printed } = await run('audit', 'verify', '--heads', kept, '--json')
      expect(code).toBe(0)
      expect(JSON.parse(printed[0] ?? '')).toMatchObject({ intact: true, problemCount: 0, differingHeads: [] })
      expect((await run('audit', 'heads')).code).toBe(0)
    } finally {
      await server.close()
    }
  })

  it('ends with another code and names the seals when the record was changed', async () => {
    const { database } = await openDatabase(place)
    await database.query(`update events set actor = 'somebody else' where id = '7'`)
    await database.query(`update audit_seals set hash = repeat('a', 64) where stream = 'changes'`)
    await database.close()
    const { code, printed } = await run('audit', 'verify', '--heads', kept)
    expect(code).toBe(1)
    expect(printed).toContain('main: seal 1 of events: something was changed')
    expect(printed).toContain('main: seal 1 of changes is not the one that was kept elsewhere')
    expect(printed.at(-1)).toBe('THE RECORD IS NOT INTACT')
  })

  it('refuses what it cannot do', async () => {
    expect(await run('audit')).toMatchObject({ code: 2 })
    expect(await run('audit', 'forget')).toMatchObject({ code: 2 })
    const missing = await run('audit', 'verify', '--heads', `${kept}.missing`)
    expect([missing.code, missing.noted.join('\n')]).toEqual([1, expect.stringContaining('there is no file or folder')])
  })
})
