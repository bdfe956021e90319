import { existsSync } from 'node:fs'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { logFile } from '../harness/log-folder.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import type { SpawnedServer } from '../harness/spawn-server.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { withoutAges } from '../harness/without-ages.ts'
import { expectStatistics, loadStatistics } from './expect-statistics.ts'
import type { RowMeaning } from './naive-statistics.ts'
import { readLog } from './read-log.ts'

const logs = [
  'northwind',
  'bpic2013_closed',
  'receipt',
  'scms_deliveries',
  'olist_orders',
  'helpdesk',
  'ocel_order_management',
]
/** By day each log is read with one meaning, alternately; at night with both. */
const readings = logs.flatMap((log, place) =>
  (['completed', 'entered'] as const)
    .filter((_, way) => isNight || way === place % 2)
    .map((meaning) => [log, meaning] as const),
)
const present = logs.every((log) => existsSync(logFile(log)))

describe('a real log', skipUnless(present, 'real logs (STAGEWATCH_LOGS names no folder of them)'), () => {
  let server: SpawnedServer
  beforeAll(async () => {
    server = await spawnServer()
    vi.stubEnv('DATA_DIR', server.dataDirectory)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })

  it.each(readings)('gives the figures of a naive computation: %s, %s', async (log, meaning) => {
    const rows = readLog(log)
    const site = siteOf(log, meaning)
    const process = meaning === 'completed' ? ['--discover'] : []
    const summary = await importLog(log, site, meaning, ...process)
    const orders = new Set(rows.map(({ order }) => order)).size
    expect(summary).toMatchObject({ rows: rows.length, accepted: rows.length, duplicate: 0, rejected: 0, orders })
    await expectStatistics(server.url, site, rows, meaning)
  })

  it('adds nothing when it is imported again', async () => {
    const site = 'again'
    await importLog('receipt', site, 'entered')
    const before = (await loadStatistics(server.url, site)).map(withoutAges)
    const { rows, ...summary } = await importLog('receipt', site, 'entered')
    expect(summary).toMatchObject({ accepted: 0, duplicate: rows, rejected: 0 })
    expect((await loadStatistics(server.url, site)).map(withoutAges)).toEqual(before)
  })
})

function siteOf(log: string, meaning: RowMeaning): string {
  return `${log.replaceAll('_', '-')}-${meaning}`
}

/** Imports as the command does, through the server that owns the data directory. */
async function importLog(log: string, site: string, meaning: RowMeaning, ...more: string[]): Promise<{ rows: number }> {
  await stagewatch('key', 'create', '--name', 'first', '--scope', 'read', '--site', site)
  const args = [logFile(log), '--site', site, '--as', meaning, '--json', ...more]
  return JSON.parse(await stagewatch('import', ...args))
}

async function stagewatch(...args: string[]): Promise<string> {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  expect({ code, noted: terminal.noted }).toMatchObject({ code: 0 })
  return terminal.printed.join('')
}
