import { execFileSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Database } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { createEmptyDatabase } from '@stagewatch/db/test-database.ts'
import { runNode, startNode } from '../harness/node-process.ts'
import { freePort } from '../harness/free-port.ts'
import { unpackVersion } from '../harness/previous-version.ts'
import { call } from '../http/call.ts'
import { oldEvents, paths, settings, versionsFolder } from './old-version-data.ts'
import type { OldVersionData } from './old-version-data.ts'

const readyWithinMs = 60_000

/**
 * Runs the server of an earlier version on an empty PostgreSQL database, sends it events and settings, and writes what
 * it has stored and answers to `versions`: `node test/src/upgrade/record-version.ts TAG_OR_COMMIT`.
 */
async function recordVersion(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [name] = positionals
  const server = process.env['TEST_DATABASE_URL']
  if (name === undefined || server === undefined) {
    throw new Error('usage: TEST_DATABASE_URL=postgres://… node test/src/upgrade/record-version.ts TAG_OR_COMMIT')
  }
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const commit = git('rev-parse', `${name}^{commit}`)
  const date = git('log', '-1', '--format=%cs', commit)
  const folder = await unpackVersion({ commit, name })
  const created = await createEmptyDatabase(server)
  try {
    const answered = await answersOf(folder, created.url)
    const database = openPostgresql(created.url)
    const tables = await rowsOf(database)
    await database.close()
    const journal = JSON.parse(await readFile(join(folder, 'db/migrations/meta/_journal.json'), 'utf8')) as {
      entries: { when: number; tag: string }[]
    }
    const migrations = journal.entries.map(({ when }) => when)
    const data: OldVersionData = { commit, date, migrations, tables, ...answered }
    const last = journal.entries.at(-1)?.tag.slice(0, 4) ?? ''
    const file = join(versionsFolder, `${last}-${commit.slice(0, 8)}.json.gz`)
    const packed = gzipSync(JSON.stringify(data), { level: 9 })
    await writeFile(file, packed)
    const rows = Object.values(tables).reduce((sum, { length }) => sum + length, 0)
    console.log(`${file}: ${rows} rows, ${Object.keys(answered.answers).length} answers, ${packed.length} bytes`)
  } finally {
    await created.drop()
    await rm(folder, { recursive: true })
  }
}

async function answersOf(folder: string, databaseUrl: string): Promise<Pick<OldVersionData, 'answers' | 'key'>> {
  const env = { DATABASE_URL: databaseUrl, DEMO: 'off', LOG_LEVEL: 'error' }
  const port = await freePort()
  const { child, ended } = await startNode(
    join(folder, 'server/src/main.ts'),
    [],
    { ...env, PORT: String(port) },
    'sources',
    folder,
  )
  try {
    const url = `http://127.0.0.1:${port}`
    await untilReady(url)
    const key = await keyOf(folder, env)
    for (const [method, path, body] of settings.slice(0, 1)) await send(url, key, method, path, body)
    const events = oldEvents().map(({ occurredAt, ...event }) => ({
      ...event,
      occurredAt: new Date(occurredAt).toISOString(),
    }))
    const { status, body } = await call(`${url}/api/v1/events`, { key, body: events })
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(body).slice(0, 500)}`)
    for (const [method, path, content] of settings.slice(1)) await send(url, key, method, path, content)
    const answers: Record<string, unknown> = {}
    for (const path of paths) {
      const reply = await call(`${url}${path}`, { key })
      if (reply.status === 200) answers[path] = reply.body
    }
    return { answers, key }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** The command had another place at first, and there was no scope `void`. */
async function keyOf(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  let refusal = ''
  for (const place of ['cli', 'command']) {
    for (const scope of ['ingest,read,admin,void', 'ingest,read,admin']) {
      const args = ['key', 'create', '--name', 'old', '--scope', scope, '--json']
      const made = await runNode(join(folder, `server/src/${place}/stagewatch.ts`), args, env, 'sources', folder)
      if (made.code === 0) return (JSON.parse(made.stdout) as { key: string }).key
      refusal = made.stderr
    }
  }
  throw new Error(refusal)
}

async function send(url: string, key: string, method: string, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await call(`${url}/api/v1/${path}`, { key, method, body })
  if (status !== 200 && status !== 404) console.log(`${path}: ${status} ${JSON.stringify(answer).slice(0, 300)}`)
}

async function untilReady(url: string): Promise<void> {
  const begunAt = Date.now()
  for (;;) {
    const reply = await fetch(`${url}/readyz`).catch(() => undefined)
    if (reply?.ok === true) return
    if (Date.now() - begunAt > readyWithinMs) throw new Error('not ready in time')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function rowsOf(database: Database): Promise<OldVersionData['tables']> {
  const columns = await database.query<{ table: string; columns: string }>(
    `select c.relname as "table", string_agg(format('%I', a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = '' and a.atttypid <> 'xid8'::regtype
     group by c.relname order by c.relname`,
  )
  const tables: Record<string, Record<string, unknown>[]> = {}
  for (const { table, columns: list } of columns) {
    const [row] = await database.query<{ rows: Record<string, unknown>[] | null }>(
      `select json_agg(t) as rows from (select ${list} from "${table}") t`,
    )
    if (row?.rows !== null && row !== undefined) tables[table] = row.rows
  }
  return tables
}

await recordVersion()
