import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDataDirectory } from '@stagewatch/db/data-directory-lock.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../platform/clock/clock.ts'
import { parseEnvironment } from '../platform/environment.ts'
import type { RunningServer } from '../serve.ts'
import { serve } from '../serve.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'stagewatch-command-'))
const closing: (() => Promise<void>)[] = []
let server: RunningServer

/** The commands find the running server by its data directory. */
beforeAll(async () => {
  vi.stubEnv('DATA_DIR', folder)
  vi.stubEnv('DATABASE_URL', '')
  const database = await openTestDatabase()
  const lock = await lockDataDirectory(folder)
  const environment = parseEnvironment({ PORT: '0', DEMO: 'off' })
  const logger = pino({ level: 'silent' })
  server = await serve({ environment, database, clock: systemClock, logger, localAdminToken: lock.token })
  server.markReady()
  await lock.announce(server.url)
  closing.push(
    () => server.close(),
    () => lock.release(),
    () => database.close(),
  )
})
afterAll(async () => {
  for (const close of closing) await close()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(['user', ...args], terminal)
  return { code, printed: terminal.printed, noted: terminal.noted }
}

test('people are invited, listed, and leave', async () => {
  expect(await run('list')).toMatchObject({ code: 0, printed: [], noted: ['the site has no members yet'] })
  const invited = await run('invite', '--email', 'Bob@example.com', '--role', 'lead', '--departments', 'press, paint')
  expect(invited).toMatchObject({ code: 0, noted: [expect.stringContaining('pass the link on')] })
  const [link = ''] = invited.printed
  expect(link).toContain(`${server.url}/join#token=`)
  expect((await run('list')).printed).toEqual([
    expect.stringMatching(/^bob@example\.com is invited until .*: lead, in press, paint$/),
  ])

  const token = link.slice(link.indexOf('=') + 1)
  const body = JSON.stringify({ token, name: 'Bob', password: 'correct horse battery' })
  const headers = { 'content-type': 'application/json' }
  const accepted = await fetch(`${server.url}/api/v1/invitations/accept`, { method: 'POST', headers, body })
  expect(accepted.status).toBe(200)
  expect((await run('list')).printed).toEqual(['bob@example.com (Bob): lead, in press, paint'])

  const [json = ''] = (await run('reset-link', '--email', 'bob@example.com', '--json')).printed
  expect(JSON.parse(json)).toEqual({ link: expect.stringContaining(`${server.url}/reset#token=`) })

  expect(await run('disable', '--email', 'bob@example.com')).toMatchObject({ code: 0 })
  expect((await run('list')).printed).toEqual(['bob@example.com (Bob): lead, in press, paint, disabled'])
  const enabled = { code: 0, printed: ['bob@example.com may sign in again'] }
  expect(await run('enable', '--email', 'bob@example.com')).toMatchObject(enabled)
  const signedOut = { code: 0, printed: ['bob@example.com is signed out everywhere'] }
  expect(await run('end-sessions', '--email', 'bob@example.com')).toMatchObject(signedOut)
  expect((await run('list')).printed).toEqual(['bob@example.com (Bob): lead, in press, paint'])

  const left = { code: 0, printed: ['bob@example.com is no longer a member of the site'] }
  expect(await run('remove', '--email', 'bob@example.com')).toMatchObject(left)
  expect((await run('list')).printed).toEqual([])
})

test('invalid input is refused', async () => {
  for (const args of [
    [],
    ['promote'],
    ['invite', '--role', 'lead'],
    ['invite', '--email', 'x@example.com', '--role', 'emperor'],
    ['invite', '--email', 'x@example.com', '--role', 'lead', '--departments', 'a,,b'],
    ['list', 'all'],
  ]) {
    expect(await run(...args)).toMatchObject({ code: 2 })
  }
  expect(await run('remove', '--email', 'nobody@example.com')).toMatchObject({
    code: 1,
    noted: [expect.stringContaining('does not belong to the site')],
  })
})
