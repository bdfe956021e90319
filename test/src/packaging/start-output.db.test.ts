import { spawn, spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { expect, it } from 'vitest'
import { eventuallyWithin } from '../harness/eventually.ts'
import { runNode } from '../harness/node-process.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false

it('a server without a terminal writes JSON lines only, the greeting among them', async () => {
  const server = await spawnServer({ env: { LOG_LEVEL: 'info' } })
  const { code, stdout } = await server.kill('SIGTERM')
  await server.close()
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as { readonly level: number; readonly msg: string })
  expect(entries.filter(({ msg }) => msg === 'Stagewatch is running')).toEqual([
    expect.objectContaining({
      level: 30,
      urls: [server.url],
      setupLink: expect.stringMatching(/\/setup#token=/),
      createKey: `DATA_DIR=${server.dataDirectory} npx pnpm@12 stagewatch key create --name first --scope ingest,read`,
    }),
  ])
  expect(entries.length).toBeGreaterThan(1)
})

it('a silent server still says where it is', async () => {
  const server = await spawnServer({ env: { LOG_LEVEL: 'silent' } })
  const { stdout } = await server.kill('SIGTERM')
  await server.close()
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
})

it(
  'a server on a terminal writes text',
  { timeout: 180_000, ...skipUnless(hasTerminal, 'output on a terminal (needs script of util-linux)') },
  async () => {
    const dataDirectory = await createTestDataDirectory()
    const command = `exec '${process.execPath}' --import ./server/src/platform/preload.ts server/src/main.ts`
    const server = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: repository,
      env: { PATH: process.env['PATH'], TERM: 'dumb', PORT: '0', DEMO: 'off', DATA_DIR: dataDirectory },
    })
    let printed = ''
    server.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    try {
      await eventuallyWithin(150_000, () => expect(printed).toContain('To send events, create a key:'))
      expect(printed).toMatch(/^ {4}Wall {9}http:\/\/127\.0\.0\.1:\d+\/wall\r$/m)
      expect(printed).toMatch(/^ {4}http:\/\/127\.0\.0\.1:\d+\/setup#token=/m)
      // Written by a thread.
      await eventuallyWithin(20_000, () => expect(printed).toMatch(/\[\d\d:\d\d:\d\d\].* Server listening/))
      expect(printed).not.toContain('"level"')
      server.stdin.write('\u0003')
      const [code] = await once(server, 'exit')
      expect(code).toBe(0)
    } finally {
      server.kill('SIGKILL')
      await rm(dataDirectory, { recursive: true, force: true })
    }
  },
)

it('a wrong configuration is named completely, with what to write instead, before anything starts', async () => {
  const wrong = { PORT: '70000', DEMO: 'maybe', DATABASE_URL: 'mysql://db', PUBLIC_URL: 'board', SMTP_URL: 'smtp://a' }
  const { code, stdout, stderr } = await runNode('server/src/main.ts', [], wrong)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  const lines = stderr.trimEnd().split('\n')
  expect(lines[0]).toBe('the configuration is wrong:')
  expect(lines.slice(1).toSorted()).toEqual([
    expect.stringMatching(/^ {2}DATABASE_URL: .*postgres/),
    '  DEMO: must be one of on, off',
    '  MAIL_FROM: is required because SMTP_URL is set',
    '  PORT: must be a whole number from 0 to 65535',
    '  PUBLIC_URL: must be an address, for example https://board.example.com',
  ])
})
