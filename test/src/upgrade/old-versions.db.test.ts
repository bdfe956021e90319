import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseFolder, makeDataDirectory } from '@stagewatch/db/data-directory.ts'
import { startEngine } from '@stagewatch/db/embedded.ts'
import { migrateEmbedded, migratePostgresql } from '@stagewatch/db/migrate.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createEmptyDatabase } from '@stagewatch/db/test-database.ts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isNight } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'
import { compareAnswers } from './compare-answers.ts'
import { readOldVersions } from './old-version-data.ts'
import type { OldVersionData } from './old-version-data.ts'

const onPostgresql = process.env['TEST_DATABASE_URL']
const versions = await readOldVersions()

interface Place {
  readonly databaseUrl?: string
  readonly dataDirectory?: string
}

type Run = (text: string, parameters: readonly unknown[]) => Promise<unknown>

/** A database as the server of that version left it. */
async function databaseOf(version: OldVersionData): Promise<Place> {
  if (onPostgresql !== undefined) {
    const { url: databaseUrl, drop } = await createEmptyDatabase(onPostgresql)
    onTestFinished(drop)
    await migratePostgresql(databaseUrl, version.migrations)
    const database = openPostgresql(databaseUrl, { connections: 1 })
    await fill(version, (text, parameters) => database.query(text, parameters))
    await database.close()
    return { databaseUrl }
  }
  const dataDirectory = await mkdtemp(join(tmpdir(), 'stagewatch-old-'))
  onTestFinished(() => rm(dataDirectory, { recursive: true }))
  await makeDataDirectory(dataDirectory)
  const pglite = await startEngine({ dataDir: join(dataDirectory, databaseFolder) })
  await migrateEmbedded(pglite, version.migrations)
  await fill(version, (text, parameters) => pglite.query(text, [...parameters]))
  await pglite.close()
  return { dataDirectory }
}

async function fill({ tables }: OldVersionData, run: Run): Promise<void> {
  // Nobody has to be notified of the rows.
  for (const table of Object.keys(tables)) await run(`alter table "${table}" disable trigger user`, [])
  for (const table of Object.keys(tables)) await run(`delete from "${table}"`, [])
  let left = Object.entries(tables)
  while (left.length > 0) {
    const refused: typeof left = []
    let refusal: unknown
    for (const [table, rows] of left) {
      // Rows may come before those that they refer to, and are then tried again.
      await insert(table, rows, run).catch((error: unknown) => {
        refusal = error
        refused.push([table, rows])
      })
    }
    if (refused.length === left.length) throw refusal
    left = refused
  }
  for (const table of Object.keys(tables)) await run(`alter table "${table}" enable trigger user`, [])
  await run(continueSequences, [])
}

/** The rows came with their ids, and the next ones must differ from them. */
const continueSequences = `
  do $$ declare sequence record; begin
    for sequence in
      select table_name as t, column_name as c from information_schema.columns
      where table_schema = 'public' and is_identity = 'YES'
    loop
      execute format('select setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) from %I',
        format('%I', sequence.t), sequence.c, sequence.c, sequence.t);
    end loop;
  end $$`

function insert(table: string, rows: readonly Readonly<Record<string, unknown>>[], run: Run): Promise<unknown> {
  const columns = Object.keys(rows[0] ?? {})
    .map((column) => `"${column}"`)
    .join(', ')
  return run(
    `insert into "${table}" (${columns}) overriding system value
     select ${columns} from json_populate_recordset(null::"${table}", $1::text::json)`,
    [JSON.stringify(rows)],
  )
}

/** By day the oldest and the newest. */
const tested = isNight ? versions : [...versions.slice(0, 1), ...versions.slice(-1)]

describe.each(tested)('the data of the version of $date ($commit)', (version) => {
  it('are kept, with the same figures as before', { timeout: 120_000 }, async () => {
    const server = await spawnServer(await databaseOf(version))
    try {
      let comparedCount = 0
      const differences: string[] = []
      for (const [path, before] of Object.entries(version.answers)) {
        const { status, body } = await call(`${server.url}${path}`, { key: version.key })
        expect({ path, status }).toEqual({ path, status: 200 })
        const found = compareAnswers(before, body, path)
        comparedCount += found.comparedCount
        differences.push(...found.differences)
      }
      expect(differences).toEqual([])
      expect(comparedCount).toBeGreaterThan(300)
      const doctor = await call(`${server.url}/api/v1/admin/doctor`, { key: version.key })
      expect(doctor.body).toMatchObject({ ok: true })
    } finally {
      await server.close()
    }
  })
})

it('the first version of all is among them', () => {
  expect(versions[0]?.migrations).toHaveLength(4)
  expect(versions.length).toBeGreaterThanOrEqual(5)
})
