import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { logFile } from '../harness/log-folder.ts'
import { startNode } from '../harness/node-process.ts'
import { sendEvents } from '../harness/send-events.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { expectStatistics } from './expect-statistics.ts'
import type { RowMeaning } from './naive-statistics.ts'
import type { LogRow } from './read-log.ts'
import { readLog } from './read-log.ts'
import { eventually } from '../harness/eventually.ts'

const present = existsSync(logFile('helpdesk'))
const skipped = skipUnless(present, 'real logs (STAGEWATCH_LOGS names no folder of them)')

describe('the events of a real log', skipped, () => {
  let server: StartedServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.close())

  it.each([
    ['northwind', 'completed'],
    ['northwind', 'entered'],
    ['receipt', 'entered'],
    ...(isNight ? ([['receipt', 'completed']] as const) : []),
  ] as const)('give the same figures in any order and any batches over HTTP: %s, %s', async (log, meaning) => {
    const rows = readLog(log)
    const site = `${log}-${meaning}`
    const key = await server.createKey(['ingest'], site)
    const [shuffled] = fc.sample(fc.shuffledSubarray(rows, { minLength: rows.length }), { numRuns: 1, seed: 11 })
    const [sizes] = fc.sample(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: rows.length }), {
      numRuns: 1,
      seed: 12,
    })
    const events = shuffled!.map((row) => eventOf(row, meaning))
    for (let from = 0, i = 0; from < events.length; from += sizes![i++]!) {
      await sendEvents(server.url, key, events.slice(from, from + sizes![i]!))
    }
    await expectStatistics(server.url, site, rows, meaning)
  })
})

describe('an import that is cut off with its server', skipped, () => {
  let dataDirectory: string
  let server: SpawnedServer
  beforeAll(async () => {
    dataDirectory = await createTestDataDirectory()
    server = await spawnServer({ dataDirectory })
    vi.stubEnv('DATA_DIR', dataDirectory)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.close()
    await rm(dataDirectory, { recursive: true, force: true })
  })

  it.each([['helpdesk', 'completed'], ...(isNight ? ([['scms_deliveries', 'entered']] as const) : [])] as const)(
    'resumes when it is run again: %s, %s',
    async (log, meaning) => {
      const rows = readLog(log)
      const args = ['import', logFile(log), '--discover', '--as', meaning, '--site', log.replace('_', '-'), '--json']
      const importing = await startNode('server/src/cli/stagewatch.ts', args, { DATA_DIR: dataDirectory })
      const storedBefore = await storedEvents(server.url)
      await eventually(async () => expect(await storedEvents(server.url)).toBeGreaterThan(storedBefore))
      await server.kill('SIGKILL')
      importing.child.kill('SIGKILL')
      expect((await importing.ended).code).toBe('SIGKILL')

      server = await spawnServer({ dataDirectory })
      const terminal = testTerminal()
      expect(await runCommand(args, terminal)).toBe(0)
      const { accepted, duplicate } = JSON.parse(terminal.printed.join(''))
      expect(accepted + duplicate).toBe(rows.length)
      expect(Math.min(accepted, duplicate)).toBeGreaterThan(0)
      await expectStatistics(server.url, log.replace('_', '-'), rows, meaning)
    },
  )
})

function eventOf({ order, stage, at, row }: LogRow, meaning: RowMeaning): unknown {
  const occurredAt = new Date(at).toISOString()
  return { source: 'erp', id: `row ${row}`, type: `stage.${meaning}`, order, stage, occurredAt, sequence: row }
}

/** The number of events of all sites. */
async function storedEvents(url: string): Promise<number> {
  const { sites } = startInfo.parse(await (await fetch(`${url}/api/v1/start`)).json())
  return sites.reduce((sum, { events }) => sum + (events ?? 0), 0)
}
