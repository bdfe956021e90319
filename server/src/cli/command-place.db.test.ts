import { createServer } from 'node:http'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmptyDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'

const postgresql = process.env['TEST_DATABASE_URL']
const folder = mkdtempSync(join(tmpdir(), 'stagewatch-place-'))
const place = join(folder, 'data')

beforeEach(() => {
  vi.stubEnv('DATA_DIR', place)
  vi.stubEnv('DATABASE_URL', '')
  vi.stubEnv('PORT', '0')
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  return { code, printed: terminal.printed, noted: terminal.noted.join('\n') }
}

test.for([
  ['import', 'undo', '1', '--reason', 'wrong file'],
  ['import', 'list'],
  ['export', '--format', 'ndjson'],
  ['site', 'list'],
  ['quarantine', 'list'],
  ['user', 'list'],
  ['process', 'list'],
  ['calendar', 'list'],
  ['config', 'export'],
  ['backup', join(folder, 'file')],
  ['move', '--to', 'postgres://plant@127.0.0.1:1/plant'],
  ['audit', 'verify'],
  ['archive', 'run'],
  ['rebuild'],
  ['doctor'],
])('%j is refused where there is no data, and creates none', async (args) => {
  const { code, printed, noted } = await run(...args)
  expect({ code, printed }).toEqual({ code: 1, printed: [] })
  expect(noted.split('\n').at(-1)).toBe(
    `refused: there is no data in ${place}: start the server first, or set DATA_DIR or DATABASE_URL as for the server, best in the file .env, which the server and the commands read`,
  )
  expect(existsSync(place)).toBe(false)
})

test('a dry run of an import creates no database', async () => {
  const file = writtenFile('order,stage,timestamp\nA,pick,2026-01-02T00:00:00Z\n')
  expect(await run('import', file, '--dry-run', '--discover')).toMatchObject({ code: 0 })
  expect(existsSync(place)).toBe(false)
})

const createKey = ['key', 'create', '--name', 'first', '--scope', 'read', '--json'] as const

test('a command is refused that would create a database beside the one of a running server', async () => {
  const running = createServer((_, reply) => reply.end(JSON.stringify({ status: 'ok', version: '1.0.0' })))
  await new Promise<void>((done) => running.listen(0, '127.0.0.1', done))
  const address = running.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  vi.stubEnv('PORT', String(port))
  const file = writtenFile('order,stage,timestamp\nA,pick,2026-01-02T00:00:00Z\n')
  try {
    for (const args of [createKey, ['site', 'create', 'east'], ['import', file, '--discover']]) {
      const { code, printed, noted } = await run(...args)
      expect({ code, printed }).toEqual({ code: 1, printed: [] })
      expect(noted).toContain(
        `the server on http://127.0.0.1:${port} works on other data, and there is none in ${place}`,
      )
      expect(existsSync(place)).toBe(false)
    }
  } finally {
    running.close()
  }
})

test('a command that creates the database says so beside its result, once', { timeout: 60_000 }, async () => {
  const first = await run(...createKey)
  expect(first).toMatchObject({ code: 0, noted: `created a new database in ${place}` })
  expect(JSON.parse(first.printed.join(''))).toEqual({ key: expect.any(String) })
  expect(await run('site', 'create', 'east')).toMatchObject({ code: 0, noted: '' })
  expect(await run('import', 'undo', '1', '--reason', 'wrong file')).toMatchObject({
    code: 1,
    noted: 'refused: id: there is no such import',
  })
})

test.skipIf(postgresql === undefined)('an empty PostgreSQL database stays empty, and its password hidden', async () => {
  const { url, drop } = await createEmptyDatabase(postgresql ?? '')
  vi.stubEnv('DATABASE_URL', url.replace('root@', 'root:secret@'))
  try {
    for (let time = 0; time < 2; time += 1) {
      const { code, noted } = await run('site', 'list')
      expect(code).toBe(1)
      expect(noted).toMatch(/^refused: there is no data in the database of DATABASE_URL \(postgres:\/\/127\.0\.0\.1:/)
    }
  } finally {
    await drop()
  }
})
