import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { channels } from '@stagewatch/db/channels-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import { maxFindingNames } from '@stagewatch/shared/contract/server-status.ts'
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { plural } from '../platform/english-text.ts'
import type { TrustedProxies } from '../platform/http/client-address.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { showsWall } from '../screens/browser-engine.ts'
import type { Check } from './check-open-transactions.ts'
import { secretsAreSealed } from './check-secrets.ts'

/** What the server depends on besides its own data. */
export interface Surroundings {
  readonly proxies: TrustedProxies
  /** URL under which people reach the server. */
  readonly publicUrl: string | undefined
  /** Folder of the built pages. A server that only has the API has none. */
  readonly clientFolder: string
  readonly secrets: SecretKeys
}

export async function checkSurroundings(
  database: Database,
  site: string,
  { proxies, publicUrl, clientFolder, secrets }: Surroundings,
): Promise<Check[]> {
  return [
    ...(await settingsAreSafe(database)),
    proxiesAreTrusted(proxies, publicUrl),
    ...(existsSync(clientFolder) ? [await pagesAreComplete(clientFolder)] : []),
    await channelsDeliver(database, site),
    await secretsAreSealed(database, site, secrets),
    await screensAreSupported(database, site),
  ]
}

/** With any of these, PostgreSQL loses what it has acknowledged when its machine loses power. */
const unsafeValues = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } as const

/** The settings of the embedded database are part of the program. */
async function settingsAreSafe(database: Database): Promise<Check[]> {
  if (database.kind === 'embedded') return []
  const names = sql.param([...Object.keys(unsafeValues), 'server_encoding'])
  const rows = await drizzleOn(database).execute<{ name: string; value: string }>(
    sql`select name, setting as value from pg_settings where name = any(${names}::text[]) order by name`,
  )
  const unsafe = rows.flatMap(({ name, value }) => {
    if (name === 'server_encoding') return value === 'UTF8' ? [] : [`${name} = ${value}`]
    return Object.entries(unsafeValues).some((one) => one[0] === name && one[1] === value) ? [`${name} = ${value}`] : []
  })
  if (unsafe.length === 0)
    return [
      {
        name: 'database settings',
        ok: true,
        message: 'PostgreSQL keeps what it has acknowledged, and stores every character',
        finding: 'settings_safe',
      },
    ]
  const lost = unsafe.filter((one) => !one.startsWith('server_encoding'))
  const advice = [
    ...(lost.length > 0 ? [`${lost.join(', ')}: acknowledged events are lost in a power failure, turn it on`] : []),
    ...(lost.length < unsafe.length
      ? [
          `${unsafe.find((one) => one.startsWith('server_encoding')) ?? ''}: names are not stored, use a database with UTF8`,
        ]
      : []),
  ].join('; ')
  return [{ name: 'database settings', ok: false, message: advice, finding: 'settings_unsafe', ...firstOf(unsafe) }]
}

/** Clients may write forwarding headers themselves, so they are only a sign of a proxy where there has to be one. */
function proxiesAreTrusted(proxies: TrustedProxies, publicUrl: string | undefined): Check {
  const others = [...proxies.others].toSorted()
  const isBehindProxy = publicUrl?.startsWith('https:') === true
  if (others.length === 0 || !isBehindProxy)
    return { name: 'proxies', ok: true, message: 'no proxy is unknown', finding: 'proxies_trusted' }
  const message = `requests are forwarded by ${others.join(', ')}, which TRUSTED_PROXIES does not contain: if that is your proxy, add it, otherwise all of its clients share one address and its limits`
  // Addresses are not for everybody who may see the state of a site.
  return { name: 'proxies', ok: false, message, finding: 'proxies_untrusted', count: others.length }
}

/** The pages bring the fonts for Latin and Chinese text, so that a screen needs none of its own. */
async function pagesAreComplete(clientFolder: string): Promise<Check> {
  const assets = join(clientFolder, 'assets')
  const files = new Set(await readdir(assets).catch(() => []))
  const named = new Set<string>()
  for (const file of files) {
    if (!file.endsWith('.css')) continue
    const text = await readFile(join(assets, file), 'utf8')
    for (const [, font = ''] of text.matchAll(/\/([\w.-]+\.woff2)\b/g)) named.add(font)
  }
  const missing = [...named].filter((font) => !files.has(font)).toSorted()
  if (named.size > 0 && missing.length === 0) {
    const message = `the pages and their ${plural(named.size, 'file')} of fonts are there`
    return { name: 'pages', ok: true, message, finding: 'pages_complete', count: named.size }
  }
  const what = named.size === 0 ? 'the pages' : `${plural(missing.length, 'file')} of fonts (${missing[0] ?? ''})`
  const verb = missing.length === 1 ? 'is' : 'are'
  const message = `${what} ${verb} missing in ${clientFolder}: install the program again`
  return { name: 'pages', ok: false, message, finding: 'pages_incomplete', count: missing.length }
}

/** The last attempt of each channel, mail among them. A message that is tried again makes it known within minutes. */
async function channelsDeliver(db: Queryable, site: string): Promise<Check> {
  const rows = await drizzleOn(db)
    .select({ name: channels.name, failingSince: channels.failingSince })
    .from(channels)
    .where(and(eq(channels.site, site), eq(channels.enabled, true)))
    .orderBy(asc(channels.name))
  const failing = rows.filter(({ failingSince }) => failingSince !== null).map(({ name }) => name)
  if (failing.length === 0) {
    const message = rows.length === 0 ? 'no channel is set up' : `none failed last time (in use: ${rows.length})`
    return { name: 'channels', ok: true, message, finding: 'channels_deliver', count: rows.length }
  }
  const message = `messages are not delivered by ${failing.join(', ')}: send a test message on the page Channels, it shows the reason`
  return { name: 'channels', ok: false, message, finding: 'channels_failing', ...firstOf(failing) }
}

/** Browsers of televisions stay as they were sold. */
async function screensAreSupported(db: Queryable, site: string): Promise<Check> {
  const rows = await drizzleOn(db)
    .select({ name: screens.name, browser: screens.browser })
    .from(screens)
    .where(and(eq(screens.site, site), isNull(screens.revokedAt), isNotNull(screens.browser)))
    .orderBy(asc(screens.name))
  const outdated = rows.filter(({ browser }) => browser !== null && !showsWall(browser))
  if (outdated.length === 0) {
    const message =
      rows.length === 0
        ? 'no browser of a screen is known'
        : `the browsers of ${plural(rows.length, 'screen')} can show the wall`
    return { name: 'screens', ok: true, message, finding: 'screens_supported', count: rows.length }
  }
  const names = outdated.map(({ name }) => name)
  const message = `too old for the wall, so that six numbers are shown: ${outdated.map(({ name, browser }) => `${name} (${browser ?? ''})`).join(', ')}; connect a small computer instead`
  return { name: 'screens', ok: false, message, finding: 'screens_outdated', ...firstOf(names) }
}

function firstOf(names: readonly string[]): Pick<Check, 'count' | 'names'> {
  return { count: names.length, names: names.slice(0, maxFindingNames) }
}
