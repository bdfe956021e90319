import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable, Transaction, Work } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { actOn } from '../http/acted-orders.ts'
import { call } from '../http/call.ts'
import type { Reply } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { someEvent } from '../http/some-event.ts'

interface FailingDatabase extends Database {
  /** The statement with this number, counted from now, and all after it fail; 0 lets all succeed. */
  failFrom(number: number): void
  /** Statements since the last `failFrom`. */
  readonly statementCount: number
}

/** A database whose connection breaks before a statement, within a transaction or outside. */
function failing(database: Database): FailingDatabase {
  let failsFrom = 0
  let statementCount = 0
  const next = () => {
    statementCount += 1
    if (failsFrom > 0 && statementCount >= failsFrom) throw new DatabaseUnavailableError('away', 'the connection broke')
  }
  const counted = <Line extends Queryable>(work: Line): Line => ({
    ...work,
    query: async <Row>(text: string, parameters?: readonly unknown[]) => {
      next()
      return work.query<Row>(text, parameters)
    },
    values: async (text: string, parameters?: readonly unknown[]) => {
      next()
      return work.values(text, parameters)
    },
  })
  const withTransactions = <Line extends Work>(work: Line): Line => ({
    ...counted(work),
    transaction: async <T>(
      carryOut: (tx: Transaction) => Promise<T>,
      pipeline?: Parameters<Work['transaction']>[1],
    ) => {
      next()
      return work.transaction(
        (tx) =>
          carryOut({
            ...counted(tx),
            copyIn: async (target, pieces) => {
              next()
              return tx.copyIn(target, pieces)
            },
          }),
        pipeline,
      )
    },
  })
  return {
    ...withTransactions(database),
    longRunning: withTransactions(database.longRunning),
    failFrom(number) {
      failsFrom = number
      statementCount = 0
    },
    get statementCount() {
      return statementCount
    },
  }
}

const noon = Date.UTC(2026, 10, 22, 12)
const clock = new VirtualClock(noon)
let database: FailingDatabase
let server: PeopledServer
let key: string

beforeAll(async () => {
  database = failing(await openTestDatabase())
  server = await startPeopled({ database, clock })
  key = await server.createKey(['ingest', 'read', 'admin'])
  await send('events', event(1, 'cut', '2026-11-22T08:00:00Z'))
})
afterAll(async () => {
  await server.close()
  await database.close()
})

/** The rows of every table except those of background tasks. */
async function storedRows(): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not in ('leases', 'consumers')
     order by 1`,
  )
  const found = new Map<string, readonly string[]>()
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`)
    found.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return found
}

const send = (path: string, body: unknown, method = 'POST') =>
  call(`${server.url}/api/v1/${path}`, { key, body, method })

const event = (n: number, stage: string, occurredAt: string) => someEvent({ order: `SO-${n}`, stage, occurredAt })
const named = (text: string) => ({ en: text, zh: text })

/** Every call of a request does the same with other names or figures. */
const requests: readonly (readonly [what: string, request: (n: number) => Promise<Reply>])[] = [
  [
    'submits events, one of them late and one invalid',
    (n) =>
      send('events', [
        event(n + 1, 'cut', '2026-11-22T08:00:00Z'),
        event(n + 1, 'pack', '2026-11-22T07:00:00Z'),
        event(n + 1, 'pack', 'yesterday'),
      ]),
  ],
  [
    'acts on an order',
    (n) => actOn(clock, server.ada, 'SO-1', { action: 'comment', comment: `comment ${n}` }, { stage: 'cut' }),
  ],
  [
    'creates a task',
    (n) =>
      server.ada.call('/api/v1/tasks', {
        body: { id: `task-${n}-`.padEnd(20, '0'), title: `task ${n}`, order: 'SO-1' },
      }),
  ],
  [
    'saves a process',
    (n) =>
      send(
        'admin/processes/default',
        {
          code: 'default',
          name: named('default'),
          stages: [{ ...plainStage('cut'), targetMs: n * 1_000 }, plainStage('pack')],
          acceptsNewStages: true,
          goals: {},
        },
        'PUT',
      ),
  ],
  [
    'saves a calendar',
    (n) => send('admin/calendars/plant', { ...plantCalendar({}), name: named(`plant ${n}`) }, 'PUT'),
  ],
  [
    'creates an alert rule',
    (n) =>
      send('alert-rules', {
        name: `rule ${n}`,
        severity: 'warning',
        enabled: true,
        makesTask: false,
        condition: { kind: 'stalled', clock: 'working' },
        scope: {},
        ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
        acknowledgedForMs: 3_600_000,
        mergeMs: 0,
      }),
  ],
  [
    'invites somebody',
    (n) => server.ada.call('/api/v1/invitations', { body: { email: `p${n}@example.com`, role: 'viewer' } }),
  ],
]

/** These answer after a second transaction, which folds orders by the new rules; another instance may complete it. */
const refoldsOrders: ReadonlySet<string> = new Set(['saves a process', 'saves a calendar'])

interface Outcome {
  readonly status: number
  readonly stored: 'nothing' | 'everything' | 'a part'
  /** The statement that was to fail was executed. */
  readonly failed: boolean
}

async function outcomeOf(request: () => Promise<Reply>, failsFrom: number): Promise<Outcome> {
  const before = await storedRows()
  database.failFrom(failsFrom)
  const { status } = await request()
  const failed = database.statementCount >= failsFrom
  database.failFrom(0)
  const after = await storedRows()
  if (isDeepStrictEqual(after, before)) return { status, failed, stored: 'nothing' }
  if (status < 300) return { status, failed, stored: 'everything' }
  // What failed after its transaction is complete, and repeating it changes nothing.
  const repeated = await request()
  const isSame = isDeepStrictEqual((await storedRows()).get('changes'), after.get('changes'))
  return { status, failed, stored: repeated.status < 300 && isSame ? 'everything' : 'a part' }
}

describe('a request whose database fails at any of its statements', () => {
  it.each(requests)('has stored everything or nothing: %s', async (what, request) => {
    expect((await request(1)).status).toBeLessThan(300)
    const outcomes: Outcome[] = []
    while (outcomes.at(-1)?.failed !== false) {
      const n = outcomes.length + 1
      outcomes.push(await outcomeOf(() => request(n + 1), n))
    }
    const succeeded = outcomes.filter(({ status }) => status < 300)
    expect(new Set(succeeded.map(({ stored }) => stored))).toEqual(new Set(['everything']))
    const refused = outcomes.filter(({ status }) => status >= 300)
    expect(refused.length).toBeGreaterThan(2)
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]))
    expect(new Set(refused.map(({ stored }) => stored))).toEqual(
      new Set(refoldsOrders.has(what) ? ['nothing', 'everything'] : ['nothing']),
    )
  })
})
