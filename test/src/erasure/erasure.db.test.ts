import type { Queryable } from '@stagewatch/db/database.ts'
import { compareHeads } from '@stagewatch/server/audit/verify-seals.ts'
import { readHeads } from '@stagewatch/server/audit/audit-heads.ts'
import { erasedPlaces, foldedTables, sealedTables } from '@stagewatch/server/erasure/erased-places.ts'
import { continueErasure } from '@stagewatch/server/erasure/run-erasure.ts'
import { insertErasure, nextErasure } from '@stagewatch/server/erasure/erasures-table.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { AuditHead } from '@stagewatch/shared/contract/audit.ts'
import type { Erasure, ErasureList } from '@stagewatch/shared/contract/erasures.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealAll, undone, verified } from '../audit/seal-and-verify.ts'
import { figuresOf, orderPaths } from '../backup/figures.ts'
import { eventually } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'

const now = Date.UTC(2026, 10, 27, 8)
const [minuteMs, hourMs] = [60_000, 3_600_000]
const customer = '上海"远景"\\机电'
const person = 'Wang Xiaofang'
const clock = new VirtualClock(now)
let server: StartedServer
let key: string
let heads: AuditHead[]

beforeAll(async () => {
  server = await startServer({ clock })
  key = await server.createKey(['ingest', 'read', 'admin'])
  await plant()
  await sealAll(server.database)
  heads = await readHeads(server.database)
})
afterAll(() => server.close())

async function send(method: string, path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const reply = await call(`${server.url}/api/v1/${path}`, { key, method, body })
  expect([path, reply.status, reply.body]).toEqual([path, 200, reply.body])
  return reply
}

/** The names everywhere that somebody can put them. */
async function plant(): Promise<void> {
  const stage = { targetMs: 4 * hourMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  const targets = [{ when: { customer: [customer] }, targetMs: hourMs }]
  await send('PUT', 'admin/processes/default', {
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: ['picking', 'packing'].map((code) => ({ ...stage, code, name: { zh: code, en: code }, targets })),
    acceptsNewStages: false,
    goals: {},
  })
  await send('POST', 'alert-rules', {
    name: `Orders of ${customer}`,
    severity: 'warning',
    enabled: true,
    condition: { kind: 'target', ratio: 1 },
    scope: { when: { customer: [customer] } },
    ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
    acknowledgedForMs: hourMs,
    mergeMs: 0,
  })
  const event = (order: string, id: string, type: string, minutes: number, more: object = {}) => {
    const occurredAt = new Date(now - 8 * hourMs + minutes * minuteMs).toISOString()
    return { source: 'erp', id: `${order}-${id}`, type, order, occurredAt, ...more }
  }
  const events = Array.from({ length: 60 }, (_, i) => {
    const order = `SO-${i}`
    const whose = i % 3 === 0 ? customer : `Other ${i % 3}`
    const owner = i % 2 === 0 ? person : 'Li Ming'
    return [
      event(order, 'placed', 'order.placed', i, { data: { customer: whose, product: `${customer} pump`, amount: i } }),
      event(order, 'pick', 'stage.entered', i + 10, { stage: 'picking', actor: person, data: { owner } }),
      event(order, 'note', 'note.added', i + 20, { data: { text: `${customer} has called ${person} twice` } }),
      event(order, 'pack', 'stage.entered', i + 60, { stage: 'packing', data: { payer: { name: whose } } }),
    ]
  }).flat()
  // The last one is late, which makes a correction.
  const late = event('SO-0', 'late', 'order.assigned', 15, { data: { owner: person, customer } })
  const rejected = { ...event('SO-1', 'bad', 'stage.entered', 5), data: { customer } }
  expect(await sendEvents(server.url, key, [...events, rejected])).toMatchObject({ rejected: 1 })
  expect(await sendEvents(server.url, key, [late])).toMatchObject({ accepted: 1 })
}

/** Tables with a row in which a text occurs, in whatever column. */
async function tablesWith(db: Queryable, text: string): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const [row] = await db.query<{ count: number }>(
      `select count(*)::int as count from "${name}" r
       where strpos(row_to_json(r)::text, $1) > 0 or strpos(row_to_json(r)::text, $2) > 0`,
      // Some columns hold JSON as text.
      [JSON.stringify(text).slice(1, -1), JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)],
    )
    if ((row?.count ?? 0) > 0) found.push(name)
  }
  return found
}

const problemsOf = async (db: Queryable) => (await verified(db)).problems

async function erase(kind: 'customer' | 'person', name: string): Promise<Erasure> {
  const { body } = await send('POST', 'erasures', { kind, name, reason: `request of ${name}` })
  const { id } = body as Erasure
  return eventually(async () => {
    clock.advanceTo(clock.now() + 2_000)
    const reply = await call(`${server.url}/api/v1/erasures`, { key })
    const done = (reply.body as ErasureList).erasures.find((one) => one.id === id)
    expect(done?.doneAt).toBeDefined()
    return done as Erasure
  })
}

/** Orders are folded again in the background. */
function folded(): Promise<void> {
  return eventually(async () => {
    clock.advanceTo(clock.now() + 2_000)
    const [site] = await server.database.query<{ isDone: boolean }>(
      `select rebuild_version is null as "isDone" from sites where code = 'main'`,
    )
    expect(site?.isDone).toBe(true)
  })
}

/** The same with the pseudonym as the name, and in the sentences that contain it. */
function named(value: unknown, name: string, pseudonym: string): unknown {
  const written = JSON.stringify(name).slice(1, -1)
  const text = JSON.stringify(value).replaceAll(`"${written}"`, `"${pseudonym}"`)
  return JSON.parse(text.replaceAll(`${written} has called`, `${pseudonym} has called`)) as unknown
}

describe('removal of the data of a customer', () => {
  it('says first how often the name is stored', async () => {
    const { body } = await send('POST', 'erasures/preview', { name: customer })
    // Names, notes and the late event; rules, the rejected event and the changes of rules.
    expect(body).toMatchObject({ events: 20 + 20 + 60 + 1, rows: expect.any(Number) as number })
    expect((body as { rows: number }).rows).toBeGreaterThan(4)
  })

  it('replaces the name everywhere, keeps all figures, and leaves the record verifiable', async () => {
    const paths = orderPaths.filter((path) => path !== 'board')
    const before = await figuresOf(server, key, paths)
    expect(await tablesWith(server.database, customer)).toEqual(
      expect.arrayContaining(['alert_rules', 'changes', 'events', 'orders', 'processes', 'quarantine']),
    )
    // Time stands still, so that figures can be compared.
    const { body } = await send('POST', 'erasures', {
      kind: 'customer',
      name: customer,
      reason: `asked by ${customer}`,
    })
    const { pseudonym } = body as Erasure
    for (let next = await nextErasure(server.database); next !== undefined; next = await nextErasure(server.database))
      await continueErasure(server.database, clock, next)
    await send('POST', 'admin/rebuild', {})
    // The product is another word that only begins like the name.
    expect(
      (await tablesWith(server.database, customer)).filter((table) => !['events', 'orders', 'visits'].includes(table)),
    ).toEqual([])
    const [left] = await server.database.query<{ count: number }>(
      `select count(*)::int as count from events where strpos(replace(data::text, $1, ''), $2) > 0`,
      [JSON.stringify(`${customer} pump`).slice(1, -1), JSON.stringify(customer).slice(1, -1)],
    )
    expect(left?.count).toBe(0)
    expect(await figuresOf(server, key, paths)).toEqual(named(before, customer, pseudonym))
    expect(await problemsOf(server.database)).toEqual([])
    expect(await compareHeads(server.database, heads)).toEqual([])
  })

  it('reaches boards with the next heartbeat', async () => {
    clock.advanceTo(clock.now() + 2_000)
    const written = JSON.stringify(customer).slice(1, -1)
    await eventually(async () => {
      const { body } = await call(`${server.url}/api/v1/board`, { key })
      expect(JSON.stringify(body).replaceAll(`${written} pump`, '')).not.toContain(written)
    })
  })

  it('still knows the events that it changed', async () => {
    const occurredAt = new Date(now - 8 * hourMs).toISOString()
    const data = { customer, product: `${customer} pump`, amount: 0 }
    const again = { source: 'erp', id: 'SO-0-placed', type: 'order.placed', order: 'SO-0', occurredAt, data }
    expect(await sendEvents(server.url, key, [again])).toMatchObject({ duplicate: 1, accepted: 0 })
  })

  it('is in the record of changes, without the name', async () => {
    const { body } = await call(`${server.url}/api/v1/admin/changes`, { key })
    const [newest] = (body as { changes: { action: string; reason: string; after: object }[] }).changes
    expect(newest).toMatchObject({ action: 'personal-data.erased', after: { kind: 'customer', events: 101 } })
    expect(JSON.stringify(newest)).not.toContain('远景')
  })
})

describe('removal of the data of an employee', () => {
  it('replaces who did and who had what', async () => {
    const { pseudonym } = await erase('person', person)
    await folded()
    expect(await tablesWith(server.database, person)).toEqual([])
    const [visit] = await server.database.query<{ owner: string }>(
      `select owner from visits where order_id = 'SO-2' and stage = 'picking'`,
    )
    expect(visit?.owner).toBe(pseudonym)
    expect(await problemsOf(server.database)).toEqual([])
  })

  it('does not excuse other changes of the same rows', async () => {
    const found = await undone(server.database, async (tx) => {
      await tx.query(`update events set actor = 'somebody' where id = 'SO-2-pick'`)
      return problemsOf(tx)
    })
    expect(found).toEqual([expect.objectContaining({ kind: 'redaction' })])
  })
})

describe('a removal', () => {
  it('continues after an interruption, also of events that arrived meanwhile', async () => {
    const { database } = server
    const name = 'Interrupted Ltd'
    const event = (i: number) => ({
      source: 'erp',
      id: `interrupted-${i}`,
      type: 'order.placed',
      order: `IN-${i}`,
      occurredAt: new Date(now).toISOString(),
      data: { customer: name },
    })
    await sendEvents(server.url, key, [event(1)])
    const request = {
      site: 'main',
      id: 'interrupted',
      kind: 'customer',
      name,
      pseudonym: 'customer-1',
      reason: 'r',
    } as const
    await insertErasure(database, { ...request, actorKind: 'operator', actor: 'operator', requestedAt: now })
    const first = await nextErasure(database)
    if (first === undefined) throw new Error('there is no removal')
    await continueErasure(database, clock, first)
    await sendEvents(server.url, key, [event(2)])
    await eventually(async () => {
      const next = await nextErasure(database)
      if (next !== undefined) await continueErasure(database, clock, next)
      const [row] = await database.query<{ done: boolean; events: number }>(
        `select done_at is not null as done, event_count as events from erasures where id = 'interrupted'`,
      )
      expect(row).toEqual({ done: true, events: 2 })
    })
    await folded()
    expect(await tablesWith(database, name)).toEqual([])
  })

  it('is refused while twenty are waiting', async () => {
    const { database } = server
    for (let i = 0; i < 20; i++) {
      const row = {
        site: 'main',
        id: `waiting-${i}`,
        kind: 'person',
        name: 'Nobody Here',
        pseudonym: 'p',
        reason: 'r',
      } as const
      await insertErasure(database, { ...row, actorKind: 'operator', actor: 'operator', requestedAt: now })
    }
    const body = { kind: 'person', name: 'Somebody', reason: 'why' }
    expect(await call(`${server.url}/api/v1/erasures`, { key, method: 'POST', body })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })
    await database.query(`delete from erasures where id like 'waiting-%'`)
  })

  it.each([
    [{ kind: 'customer', name: 'A', reason: 'why' }, 'name'],
    [{ kind: 'supplier', name: 'Acme', reason: 'why' }, 'kind'],
    [{ kind: 'person', name: 'Acme' }, 'reason'],
  ])('is refused if it is %j', async (body, field) => {
    const reply = await call(`${server.url}/api/v1/erasures`, { key, method: 'POST', body })
    expect(reply).toMatchObject({ status: 400, body: { details: [{ field }] } })
  })
})

/** Columns that never hold the name of a customer or an employee, or are removed with an account. */
const withoutNames: Readonly<Record<string, readonly string[] | 'all'>> = {
  // Codes, states and settings without names; people by id.
  absences: 'all',
  alert_notices: 'all',
  attempts: 'all',
  audit_cursors: 'all',
  audit_leaves: 'all',
  audit_seals: 'all',
  calendar_choices: 'all',
  calendars: 'all',
  channel_budgets: 'all',
  counted: 'all',
  installed_versions: 'all',
  page_files: 'all',
  server_instances: 'all',
  departments: 'all',
  jobs: 'all',
  leases: 'all',
  log_consumers: 'all',
  member_settings: 'all',
  order_follows: 'all',
  reader_seals: 'all',
  settings: 'all',
  source_hours: 'all',
  sources: 'all',
  stage_hours: 'all',
  transitions: 'all',
  used_codes: 'all',
  handover_settings: 'all',
  // Hashes, secrets and addresses of services.
  api_keys: 'all',
  approval_links: 'all',
  channels: 'all',
  customer_mails: 'all',
  customer_opt_outs: 'all',
  message_texts: 'all',
  push_subscriptions: 'all',
  screen_pairings: 'all',
  webhooks: 'all',
  // Removed with the account of the person.
  invitations: 'all',
  memberships: 'all',
  two_factors: 'all',
  user_accounts: 'all',
  user_profiles: 'all',
  user_sessions: 'all',
  user_verifications: 'all',
  users: 'all',
  // The removals themselves, which forget the name at the end.
  erasures: 'all',
  // Names of files and numbers; the events in archives are brought back before a name is removed.
  audit_archived: 'all',
  archive_runs: 'all',
  archives: 'all',
  archived_events: 'all',
}

it('looks at every column that may hold a name', async () => {
  const columns = await server.database.query<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = 'public' and data_type in ('text', 'jsonb') order by 1, 2`,
  )
  const known = new Map(erasedPlaces.map(({ table, columns: searched }) => [table, Object.keys(searched)]))
  const tables = new Set(columns.map(({ table }) => table))
  const unlisted = [...tables].filter(
    (table) =>
      !known.has(table) && !(table in withoutNames) && !foldedTables.includes(table) && !sealedTables.includes(table),
  )
  expect(unlisted).toEqual([])
  const missing = erasedPlaces.flatMap(({ table, columns: searched }) =>
    Object.keys(searched)
      .filter((column) => !columns.some((one) => one.table === table && one.column === column))
      .map((column) => `${table}.${column}`),
  )
  expect(missing).toEqual([])
})
