import { once } from 'node:events'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { createTestDatabase, openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardDelta } from '@stagewatch/shared/contract/socket.ts'
import type { BoardDelta, BoardJoin } from '@stagewatch/shared/contract/socket.ts'
import { keyList } from '@stagewatch/shared/contract/admin.ts'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { newVisitor } from '../identity/visitor.ts'
import type { Visitor } from '../identity/visitor.ts'
import { pairScreen } from '../screens/pair-screen.ts'
import { liveQueryKinds, queryWatchAnswer } from '@stagewatch/shared/contract/live-query.ts'
import type { LiveQueryKind } from '@stagewatch/shared/contract/live-query.ts'
import { openScreen } from './screen.ts'
import type { Screen, ScreenOptions } from './screen.ts'

const testServer = process.env['TEST_DATABASE_URL']
const variables = { PUBLIC_URL: 'http://stagewatch.example' }
const hourMs = 3_600_000

/** Servers on one database: rights change on the first one, and viewers are connected to the last one. */
interface Instances {
  readonly here: PeopledServer
  readonly there: StartedServer
  close(): Promise<void>
}

async function oneInstance(): Promise<Instances> {
  const database = await openTestDatabase()
  const here = await startPeopled({ database, variables })
  return {
    here,
    there: here,
    async close() {
      await here.close()
      await database.close()
    },
  }
}

async function twoInstances(): Promise<Instances> {
  const created = await createTestDatabase(testServer!)
  const databases: Database[] = [openPostgresql(created.url), openPostgresql(created.url)]
  const here = await startPeopled({ database: databases[0]!, variables })
  const there = await startServer({ database: databases[1]!, variables })
  return {
    here,
    there,
    async close() {
      await Promise.all([here.close(), there.close()])
      await Promise.all(databases.map((database) => database.close()))
      await created.drop()
    },
  }
}

describe.each([
  ['one server instance', oneInstance, {}],
  ['two server instances', twoInstances, skipUnless(testServer !== undefined, 'several servers (need PostgreSQL)')],
] as const)('with %s, an open socket', (_name, open, options) => {
  let instances: Instances
  /** Watchers of a member who belongs to both sites throughout. */
  let control: Watcher[]
  const watchers: Watcher[] = []
  let people = 0

  const suite = options as { skip?: boolean }
  beforeAll(async () => {
    if (suite.skip === true) return
    instances = await open()
    await instances.here.createKey(['read'], 'west')
    await instances.there.createKey(['read'], 'west')
    const { visitor } = await member({ main: {}, west: {} })
    control = await Promise.all(['main', 'west'].map((site) => watch(asPerson(visitor, site))))
    watchers.splice(0)
  })
  afterAll(() => instances?.close())
  afterEach(async () => {
    for (const watcher of watchers.splice(0)) watcher.screen.close()
    if (suite.skip === true) return
    // Members who kept their rights were not disconnected and still receive updates.
    const key = await instances.here.createKey(['ingest'])
    const told = control[0]!.nextDelta()
    await call(`${instances.here.url}/api/v1/events`, { key, body: someEvent({ id: `control-${++people}` }) })
    boardDelta.parse(await told)
    expect(control.map(({ screen }) => screen.connected)).toEqual([true, true])
  })

  /** A new member. @param sites their membership at each site. */
  async function member(sites: Record<string, { departments?: readonly string[] }>) {
    const email = `p${++people}@example.com`
    const visitor = await instances.here.join(email, { role: 'viewer', departments: ['nowhere'] })
    const { people: all } = peopleList.parse((await instances.here.ada.call('/api/v1/people')).body)
    const { id } = all.find((person) => person.email === email)!
    await instances.here.database.query('delete from memberships where user_id = $1', [id])
    for (const [site, { departments }] of Object.entries(sites)) {
      await instances.here.database.query(
        `insert into memberships (site, user_id, role, departments) values ($1, $2, 'viewer', $3::text[])`,
        [site, id, departments ?? null],
      )
    }
    return { id, email, visitor }
  }

  const asPerson = ({ cookie }: Visitor, site?: string): ScreenOptions => ({
    headers: { cookie, origin: instances.there.url },
    ...(site !== undefined && { site }),
  })

  async function watch(as: ScreenOptions, recording?: BoardJoin['recording']): Promise<Watcher> {
    const screen = await openScreen(instances.there.url, as)
    const watcher = {
      screen,
      cut: new Promise<void>((resolve) => screen.once('disconnect', () => resolve())),
      nextDelta: () => new Promise<BoardDelta>((resolve) => screen.once('board:delta', resolve)),
    }
    const join = { board: 'overview', ...(recording !== undefined && { recording }) }
    expect(await screen.timeout(10_000).emitWithAck('board:join', join)).toMatchObject({ ok: true })
    watchers.push(watcher)
    return watcher
  }

  async function cutWithinASecond(
    watching: readonly Pick<Watcher, 'cut'>[],
    change: () => Promise<unknown>,
  ): Promise<void> {
    await change()
    const begin = performance.now()
    await Promise.all(watching.map(({ cut }) => cut))
    expect(performance.now() - begin).toBeLessThan(1_000)
  }

  it('ends when its owner is no member of its site any more, though of another one', options, async () => {
    const { id, visitor } = await member({ main: {}, west: {} })
    const watching = [await watch(asPerson(visitor)), await watch(asPerson(visitor, 'main'))]
    const kept = await watch(asPerson(visitor, 'west'))
    await cutWithinASecond(watching, () => instances.here.ada.call(`/api/v1/people/${id}`, { method: 'DELETE' }))
    expect(kept.screen.connected).toBe(true)
  })

  it('of a recording ends as well', options, async () => {
    const { id, visitor } = await member({ main: {}, west: {} })
    const to = Date.now() - 1_000
    const watching = [await watch(asPerson(visitor), { from: to - hourMs, to, speed: 1 })]
    await cutWithinASecond(watching, () => instances.here.ada.call(`/api/v1/people/${id}`, { method: 'DELETE' }))
  })

  /** A socket that shows no board and watches queries. */
  async function watchQueries(as: ScreenOptions, kinds: readonly LiveQueryKind[]): Promise<Watcher> {
    const screen = await openScreen(instances.there.url, as)
    const cut = new Promise<void>((resolve) => screen.once('disconnect', () => resolve()))
    for (const kind of kinds) {
      const answer = queryWatchAnswer.parse(
        await screen.timeout(10_000).emitWithAck('query:watch', { kind, search: '' }),
      )
      expect([kind, answer]).toMatchObject([kind, { ok: true }])
    }
    const watcher = { screen, cut, nextDelta: () => new Promise<BoardDelta>(() => undefined) }
    watchers.push(watcher)
    return watcher
  }

  const watchedKinds = liveQueryKinds.filter((kind) => !['order', 'upload', 'import'].includes(kind))

  it.each([
    ['loses its site', undefined],
    ['is given other departments', { role: 'viewer', departments: ['store'] }],
    ['is given another role with the same departments', { role: 'lead' }],
  ] as const)('that watches any query ends when its owner %s', options, async (_how, membership) => {
    const { id, visitor } = await member({ main: {}, west: {} })
    const watching: Watcher[] = []
    for (const kind of watchedKinds) watching.push(await watchQueries(asPerson(visitor, 'main'), [kind]))
    const kept = await watchQueries(asPerson(visitor, 'west'), watchedKinds)
    const change = membership === undefined ? { method: 'DELETE' } : { method: 'PUT', body: membership }
    await cutWithinASecond(watching, () => instances.here.ada.call(`/api/v1/people/${id}`, change))
    expect(kept.screen.connected).toBe(true)
  })

  it('ends when its owner is given other departments', options, async () => {
    const { id, visitor } = await member({ main: {} })
    const watching = [await watch(asPerson(visitor))]
    const body = { role: 'viewer', departments: ['store'] }
    await cutWithinASecond(watching, () => instances.here.ada.call(`/api/v1/people/${id}`, { method: 'PUT', body }))
  })

  it('ends when its session is ended, or the password is changed', options, async () => {
    const { email, visitor } = await member({ main: {} })
    const [other, third] = [newVisitor(instances.here.url), newVisitor(instances.here.url)]
    await other.signIn(email, password)
    await third.signIn(email, password)
    const [left, others] = [await watch(asPerson(other)), [await watch(asPerson(third))]]
    const kept = await watch(asPerson(visitor))
    await cutWithinASecond([left], () => other.call('/api/auth/sign-out', { body: {} }))
    await cutWithinASecond(others, () => visitor.call('/api/auth/revoke-other-sessions', { body: {} }))
    expect(kept.screen.connected).toBe(true)
  })

  async function revocableKey() {
    const token = await instances.here.createKey(['read'])
    const { keys } = keyList.parse((await instances.here.ada.call('/api/v1/keys')).body)
    return { token, revoke: () => instances.here.ada.call(`/api/v1/keys/${keys[0]!.id}`, { method: 'DELETE' }) }
  }

  it('ends when its key is revoked', options, async () => {
    const { token, revoke } = await revocableKey()
    await cutWithinASecond([await watch({ token })], revoke)
  })

  it('ends with its connection, when a client does not close it itself', options, async () => {
    const { token, revoke } = await revocableKey()
    const { host } = new URL(instances.there.url)
    const client = new WebSocket(`ws://${host}/socket.io/?EIO=4&transport=websocket`)
    await once(client, 'message')
    client.send(`40${JSON.stringify({ token })}`)
    await once(client, 'message')
    await cutWithinASecond([{ cut: once(client, 'close') }], revoke)
  })

  it('ends when its screen is given other departments, or is revoked', options, async () => {
    const admin = await instances.here.createKey(['admin'])
    const { token, screen } = await pairScreen(instances.here, admin)
    const path = `/api/v1/screens/${screen.id}`
    const body = { name: screen.name, settings: { ...screen.settings, departments: ['store'] } }
    const first = [await watch({ token })]
    await cutWithinASecond(first, () => instances.here.ada.call(path, { method: 'PUT', body }))
    const second = [await watch({ token })]
    await cutWithinASecond(second, () => instances.here.ada.call(path, { method: 'DELETE' }))
  })

  it('ends when its site begins to hide something', options, async () => {
    const { key } = await instances.here.server.keys.create('west', { name: 'west', scopes: ['admin'] })
    const watching = [control[1]!]
    const body = { customers: 'masked', amounts: 'shown', people: 'shown' }
    await cutWithinASecond(watching, () => call(`${instances.here.url}/api/v1/privacy`, { key, method: 'PUT', body }))
    const { visitor } = await member({ main: {}, west: {} })
    control[1] = await watch(asPerson(visitor, 'west'))
    watchers.splice(0)
  })
})

interface Watcher {
  readonly screen: Screen
  readonly cut: Promise<unknown>
  nextDelta(): Promise<BoardDelta>
}
