import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { checkSurroundings } from '@stagewatch/server/ops/check-surroundings.ts'
import { clientAddress, TrustedProxies } from '@stagewatch/server/platform/http/client-address.ts'
import { SecretKeys } from '@stagewatch/server/platform/secret-keys.ts'
import { doctorReport } from '@stagewatch/shared/contract/admin.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { someEvent } from './some-event.ts'

let database: Database
let folder: string

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC') on conflict do nothing`)
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-surroundings-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'assets/wall-1.css'), '@font-face{src:url(/assets/noto-1.woff2)format("woff2")}')
  await writeFile(join(folder, 'assets/noto-1.woff2'), 'font')
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

interface Change {
  readonly proxies?: TrustedProxies
  readonly publicUrl?: string
  readonly clientFolder?: string
  readonly database?: Database
  readonly secrets?: SecretKeys
}

async function check(name: string, change: Change = {}) {
  const { proxies = new TrustedProxies(), publicUrl, clientFolder = folder, secrets = new SecretKeys({}) } = change
  const surroundings = { proxies, publicUrl, clientFolder, secrets }
  const found = await checkSurroundings(change.database ?? database, 'main', surroundings)
  return found.find((one) => one.name === name)
}

describe('doctor', () => {
  it('names a proxy that forwards requests without being trusted, where there has to be one', async () => {
    const proxies = new TrustedProxies(['10.0.0.1'])
    clientAddress('10.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, proxies)
    clientAddress('192.0.2.9', {}, proxies)
    const publicUrl = 'https://board.example.com'
    expect(await check('proxies', { proxies, publicUrl })).toMatchObject({ ok: true })
    for (let i = 2; i < 20; i += 1) clientAddress(`10.0.0.${i}`, { 'x-forwarded-for': '192.0.2.1' }, proxies)
    const found = await check('proxies', { proxies, publicUrl })
    expect(found).toMatchObject({ ok: false, finding: 'proxies_untrusted', count: 5 })
    expect(found?.message).toMatch(/10\.0\.0\.2, .*TRUSTED_PROXIES/)
    // Its page does not show addresses.
    expect(found?.names).toBeUndefined()
    expect(await check('proxies', { proxies, publicUrl: 'http://board:4000' })).toMatchObject({ ok: true })
  })

  it('misses a font that the pages name, and says nothing where there are no pages', async () => {
    expect(await check('pages')).toMatchObject({ ok: true, message: 'the pages and their 1 file of fonts are there' })
    await writeFile(join(folder, 'assets/desk-1.css'), 'a{src:url(../assets/barlow-2.woff2)}')
    expect(await check('pages')).toMatchObject({
      ok: false,
      message: expect.stringContaining('1 file of fonts (barlow-2.woff2) is') as string,
    })
    expect(await check('pages', { clientFolder: join(folder, 'none') })).toBeUndefined()
    await mkdir(join(folder, 'empty'))
    expect(await check('pages', { clientFolder: join(folder, 'empty') })).toMatchObject({ ok: false })
  })

  it('names the channels that fail, and not those that are turned off', async () => {
    expect(await check('channels')).toMatchObject({ ok: true, count: 0 })
    await database.query(
      `insert into channels (site, id, kind, name, enabled, settings, sealed, created_at, failing_since) values
         ('main', 'a', 'email', 'Mail', true, '{}', '', now(), now()),
         ('main', 'b', 'email', 'Old mail', false, '{}', '', now(), now()),
         ('main', 'c', 'email', 'Other mail', true, '{}', '', now(), null)`,
    )
    expect(await check('channels')).toMatchObject({ ok: false, names: ['Mail'], count: 1 })
    await database.query('update channels set failing_since = null')
    expect(await check('channels')).toMatchObject({ ok: true, count: 2 })
  })

  it('names the screens whose browser is too old', async () => {
    await database.query(
      `insert into screens (site, id, name, settings, approved_by, paired_at, revoked_at, browser) values
         ('main', 'a', 'Hall', '{}', 'ann', now(), null, 'Chromium 76'),
         ('main', 'b', 'Office', '{}', 'ann', now(), null, 'Chromium 120'),
         ('main', 'c', 'Gone', '{}', 'ann', now(), now(), 'Chromium 50'),
         ('main', 'd', 'Unknown', '{}', 'ann', now(), null, null)`,
    )
    const found = await check('screens')
    expect(found).toMatchObject({ ok: false, names: ['Hall'], count: 1 })
    expect(found?.message).toContain('Hall (Chromium 76)')
    await database.query(`update screens set browser = 'Chromium 94' where id = 'a'`)
    expect(await check('screens')).toMatchObject({ ok: true, count: 2 })
  })

  it('names settings of PostgreSQL with which acknowledged events can be lost', async ({ skip }) => {
    if (database.kind === 'embedded') return skip('settings of PostgreSQL (TEST_DATABASE_URL is not set)')
    const set = (value: string) =>
      database.query(
        `do $$ begin execute format('alter database %I set synchronous_commit = ${value}', current_database()); end $$`,
      )
    const asked = async () => {
      // Its sessions begin with the settings of the database.
      const [row] = await database.query<{ url: string }>('select current_database() as url')
      const own = new URL(process.env['TEST_DATABASE_URL'] ?? '')
      own.pathname = `/${row?.url ?? ''}`
      const fresh = openPostgresql(own.href)
      try {
        return await check('database settings', { database: fresh })
      } finally {
        await fresh.close()
      }
    }
    await set('on')
    const safe = await asked()
    await set('off')
    const unsafe = await asked()
    await set('on')
    const other = (names: readonly string[] = []) => names.filter((name) => !name.startsWith('synchronous_commit'))
    expect(unsafe).toMatchObject({ ok: false, finding: 'settings_unsafe' })
    expect(unsafe?.names).toContain('synchronous_commit = off')
    // A database for tests may have others.
    expect(other(safe?.names)).toEqual(other(unsafe?.names))
    expect(safe?.names ?? []).not.toContain('synchronous_commit = off')
  })

  it('speaks of one order, calendar, channel, webhook or screen in the singular', async () => {
    const server = await startServer({ variables: { SECRETS_KEY: Buffer.alloc(32, 3).toString('base64') } })
    const key = await server.createKey(['admin', 'ingest'])
    const post = async (path: string, body: object, method = 'POST') => {
      const reply = await call(`${server.url}/api/v1/${path}`, { key, body, method, headers: { 'if-match': '*' } })
      expect(reply).toMatchObject({ status: 200 })
    }
    const url = 'https://8.8.8.8/hook'
    await post('channels', { kind: 'slack', name: 'Chat', settings: {}, secrets: { url } })
    await post('webhooks', { name: 'ERP', url, events: ['order.overdue'] })
    await sendEvents(server.url, key, [someEvent({ order: 'SO-1' })])
    const site = await server.server.sites.get('main')
    const versions = [{ timeZone: 'UTC', week: { 1: [{ from: '08:00', to: '16:00' }] }, holidays: [] }]
    await site.saveCalendar({ code: 'early', name: { en: 'Early' }, versions }, { kind: 'operator', name: 'operator' })
    await server.database.query(
      `insert into screens (site, id, name, settings, approved_by, paired_at, browser)
       values ('main', 'a', 'Hall', '{}', 'ann', now(), 'Chromium 120')`,
    )
    const { checks } = doctorReport.parse((await call(`${server.url}/api/v1/admin/doctor`, { key })).body)
    const texts = checks.map(({ name, message }) => `${name}: ${message}`)
    for (const one of ['1 order', '1 calendar', '1 channel', '1 webhook', '1 screen'])
      expect(texts.filter((text) => text.includes(one))).not.toEqual([])
    expect(texts.filter((text) => /(?<![\d.])1 (?!m?s\b)[a-z]+s\b/.test(text))).toEqual([])
    await server.close()
  })
})
