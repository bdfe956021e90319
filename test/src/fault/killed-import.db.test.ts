import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createTestDatabase, createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startNode } from '../harness/node-process.ts'
import { isNight } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { faultSeed, randomNumbers } from './random-numbers.ts'

const testServer = process.env['TEST_DATABASE_URL']
const kills = isNight ? 3 : 1
const stages = ['order', 'pick', 'pack', 'label', 'ship']
/** By day three commits; at night two windows of the command. */
const rowCount = isNight ? 160_000 : 55_000
const timeout = 900_000

let folder = ''
let path = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-killed-'))
  path = join(folder, 'log.csv')
  await writeFile(path, `order_id,stage,timestamp,customer\n${rows().join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true }))

/** Rows in chronological order: an order passes its stages among a thousand others, and some return to a stage. */
function rows(): string[] {
  const random = randomNumbers(1)
  const steps = new Map<number, number>()
  return Array.from({ length: rowCount }, (_, i) => {
    const order = Math.floor(i / (stages.length + 1)) + Math.floor(random() * 1_000)
    const step = steps.get(order) ?? 0
    steps.set(order, random() < 0.02 ? Math.max(0, step - 1) : step + 1)
    return `SO-${order},${stages[step % stages.length]},${new Date(Date.UTC(2026, 0, 5) + i * 1_000).toISOString()},C-${order % 90}`
  })
}

interface DatabasePlace {
  readonly dataDirectory: string
  readonly databaseUrl?: string
}

interface Installation {
  readonly place: DatabasePlace
  readonly remove: () => Promise<void>
}

async function install(): Promise<Installation> {
  if (testServer !== undefined) {
    const { url, drop } = await createTestDatabase(testServer)
    return { place: { databaseUrl: url, dataDirectory: tmpdir() }, remove: drop }
  }
  const dataDirectory = await createTestDataDirectory()
  return { place: { dataDirectory }, remove: () => rm(dataDirectory, { recursive: true, force: true }) }
}

function startImport({ databaseUrl, dataDirectory }: DatabasePlace) {
  const env = databaseUrl === undefined ? { DATA_DIR: dataDirectory } : { DATABASE_URL: databaseUrl }
  return startNode('server/src/cli/stagewatch.ts', ['import', path, '--json'], env)
}

/** Counts the stored events from outside the command. */
interface Witness {
  readonly count: () => Promise<number>
  /** Kills the server at once, like the command. */
  readonly kill: () => Promise<unknown>
}

/** With the embedded database a server owns it, and the command sends its rows to that server. */
async function openWitness({ databaseUrl, dataDirectory }: DatabasePlace): Promise<Witness> {
  if (databaseUrl === undefined) {
    const server = await spawnServer({ dataDirectory })
    const count = async () => {
      const { sites } = startInfo.parse(await (await fetch(`${server.url}/api/v1/start`)).json())
      return sites.reduce((sum, { events }) => sum + (events ?? 0), 0)
    }
    return { count, kill: () => server.kill('SIGKILL') }
  }
  const database = openPostgresql(databaseUrl)
  const count = async () => {
    const [row] = await database.query<{ count: number }>('select count(*)::int as count from events')
    return row?.count ?? 0
  }
  return { count, kill: () => database.close() }
}

/** Kills the command shortly after the number of stored events grows, and the server that owns the database. */
async function killInside(place: DatabasePlace, before: number, afterMs: number): Promise<void> {
  const witness = await openWitness(place)
  const { child, ended } = await startImport(place)
  try {
    let hasEnded = false
    void ended.then(() => (hasEnded = true))
    // Waits however long the command takes to start.
    while (!hasEnded && (await witness.count()) <= before) await delay(10)
    await delay(afterMs)
  } finally {
    child.kill('SIGKILL')
    await witness.kill()
    await ended
  }
}

async function importAll(place: DatabasePlace) {
  const { code, stdout, stderr } = await (await startImport(place)).ended
  if (code !== 0) throw new Error(`the import ended with ${code}: ${stderr}`)
  return JSON.parse(stdout) as { readonly rows: number; readonly accepted: number; readonly duplicate: number }
}

/** Columns that differ between runs. `sequence` depends on the stages known when the row first arrived. */
const unstable = ['position', 'tx', 'origin', 'recorded_at', 'import_id', 'sequence']

/** The number of rows of a table and a hash of their contents. */
const digest = (table: string, left: readonly string[]) => `
  select count(*)::int as count, md5(string_agg(row, chr(10) order by row)) as said
  from (select (to_jsonb(t) - array[${left.map((name) => `'${name}'`).join(', ')}]::text[])::text as row from ${table} t) as t`

async function stored(place: DatabasePlace) {
  const { database } = await openDatabase(place)
  try {
    const [events] = await database.query<{ count: number }>(digest('events', unstable))
    const [orders] = await database.query<{ count: number }>(digest('orders', []))
    const [visits] = await database.query<{ count: number }>(digest('visits', []))
    return { events, orders, visits }
  } finally {
    await database.close()
  }
}

it(
  `an import that is killed (${kills} ×) and restarted stores every row once (FAULT_SEED=${faultSeed})`,
  { timeout },
  async () => {
    const [killed, whole] = [await install(), await install()]
    try {
      const random = randomNumbers(faultSeed)
      let before = 0
      for (let i = 0; i < kills; i++) {
        await killInside(killed.place, before, random() * 100)
        const { events } = await stored(killed.place)
        expect(events?.count).toBeGreaterThan(before)
        before = events?.count ?? 0
      }
      expect(before).toBeLessThan(rowCount)
      expect(await importAll(killed.place)).toMatchObject({ accepted: rowCount - before, duplicate: before })
      expect(await importAll(whole.place)).toMatchObject({ accepted: rowCount, duplicate: 0 })
      expect(await stored(killed.place)).toEqual(await stored(whole.place))
    } finally {
      await killed.remove()
      await whole.remove()
    }
  },
)
