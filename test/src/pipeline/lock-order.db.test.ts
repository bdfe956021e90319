import { createTestDatabase } from '@stagewatch/db/test-database.ts'
import type { Database, Transaction } from '@stagewatch/db/database.ts'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { insertImport } from '@stagewatch/server/ingest/batches/imports-table.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage, type ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { skipUnless } from '../harness/skip.ts'

const testServer = process.env['TEST_DATABASE_URL']
const beginAt = Date.now() - 3_600_000

/** A statement of a transaction; both are counted from 0, starting now. */
interface Place {
  readonly transaction: number
  readonly statement: number
}

/** A connection that can pause one of its transactions before one of its statements. */
interface Stoppable extends Database {
  /** `stands` resolves to true when the transaction is paused, or to false if it ended before. */
  stopBefore(place: Place): { readonly stands: Promise<boolean>; readonly goOn: () => void }
  /** The number of transactions that the database aborted to resolve a deadlock. */
  readonly lost: number
}

function stoppable(database: Database): Stoppable {
  let stop: (Place & { readonly arrived: (stands: boolean) => void; readonly mayGoOn: Promise<void> }) | undefined
  let begun = 0
  let lost = 0
  const transaction = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const own = begun++ === stop?.transaction ? stop : undefined
    let tries = 0
    try {
      return await database.transaction(async (tx) => {
        if (tries++ > 0) lost += 1
        if (own !== undefined) await tx.query('set local idle_in_transaction_session_timeout = 0')
        let statement = 0
        // What is sent after the statement that waits waits behind it: the database keeps to this order.
        let turn: Promise<void> | undefined
        const inTurn = async <Result>(send: () => Promise<Result>): Promise<Result> => {
          if (own !== undefined && tries === 1 && statement++ === own.statement) {
            own.arrived(true)
            turn = own.mayGoOn
          }
          if (turn !== undefined) await turn
          return send()
        }
        return work({
          query: (text, parameters) => inTurn(() => tx.query(text, parameters)),
          values: (text, parameters) => inTurn(() => tx.values(text, parameters)),
          copyIn: (target, pieces) => inTurn(() => tx.copyIn(target, pieces)),
        })
      })
    } finally {
      own?.arrived(false)
    }
  }
  return {
    ...database,
    transaction,
    longRunning: { ...database.longRunning, transaction },
    get lost() {
      return lost
    },
    stopBefore(place) {
      const [arrived, mayGoOn] = [Promise.withResolvers<boolean>(), Promise.withResolvers<void>()]
      begun = 0
      stop = { ...place, arrived: arrived.resolve, mayGoOn: mayGoOn.promise }
      return { stands: arrived.promise, goOn: mayGoOn.resolve }
    },
  }
}

describe(
  'events and rules that are written at the same time',
  skipUnless(testServer !== undefined, 'several servers (need PostgreSQL)'),
  () => {
    let created: Awaited<ReturnType<typeof createTestDatabase>>
    let [events, rules, watching]: (Database | undefined)[] = []
    let sites = 0
    beforeAll(async () => {
      created = await createTestDatabase(testServer!)
      const administration = openPostgresql(created.url)
      await administration.query(`do $$ begin execute
        format('alter database %I set default_transaction_isolation to serializable', current_database()); end $$`)
      await administration.close()
      ;[events, rules, watching] = [1, 2, 3].map(() => openPostgresql(created.url))
    })
    afterAll(async () => {
      for (const each of [events, rules, watching]) await each?.close()
      await created.drop()
    })

    it.each([
      ['each on its own', undefined],
      ['sent ahead', { sent: () => undefined }],
    ])('read what others have committed, whatever isolation the database has by default: %s', async (_, ahead) => {
      expect(await events!.query('show default_transaction_isolation')).toEqual([
        { default_transaction_isolation: 'serializable' },
      ])
      const level = await events!.transaction((tx) => tx.query('show transaction_isolation'), ahead)
      expect(level).toEqual([{ transaction_isolation: 'read committed' }])
    })

    /** Somebody waits for a lock, or `done` is. */
    async function blockedOr(done: Promise<unknown>): Promise<void> {
      let isDone = false
      void done.finally(() => (isDone = true)).catch(() => undefined)
      await eventually(async () => {
        if (isDone) return
        const [row] = await watching!.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        )
        expect(row?.count).toBeGreaterThan(0)
      })
    }

    /**
     * Stops `first` before each statement of each of its transactions, lets `second` run into it, and has both finish.
     * @returns before how many statements `first` was stopped.
     */
    async function crossed(first: Writing, stopped: 'commits' | 'changes', second: Writing): Promise<number> {
      let stops = 0
      for (let transaction = 0; ; transaction++) {
        for (let statement = 0; ; statement++) {
          const lines = { commits: stoppable(events!), changes: stoppable(rules!) }
          const options = { clock: systemClock, site: `site-${++sites}` }
          const commits = await openSite({ ...options, database: lines.commits, origin: 'a' })
          await commits.saveProcess(learning)
          await submitEvents(
            commits,
            orders.map((order) => entered(order, 'picking', 0)),
          )
          const changes = await openSite({ ...options, database: lines.changes, origin: 'b' })
          const pair = { commits, changes }
          const { stands, goOn } = lines[stopped].stopBefore({ transaction, statement })
          const one = first(pair)
          const where = await Promise.race([
            stands.then((isThere) => (isThere ? 'stands' : 'passed')),
            one.then(() => 'done'),
          ])
          if (where === 'done') {
            await one
            return stops
          }
          if (where === 'passed') {
            await one
            break
          }
          stops += 1
          const other = second(pair)
          await blockedOr(other)
          goOn()
          await Promise.all([one, other])
          const lost = [lines.commits.lost, lines.changes.lost]
          expect({ transaction, statement, lost }).toEqual({ transaction, statement, lost: [0, 0] })
        }
      }
    }

    const commit = ({ commits }: Pair) =>
      submitEvents(commits, [
        entered('SO-0', 'packing', 60),
        entered('SO-1', 'learned', 1),
        entered('SO-2', 'packing', 2),
        entered('new', 'packing', 3),
      ])
    const otherCommit = ({ changes }: Pair) =>
      submitEvents(changes, [
        entered('new', 'found', 4),
        entered('SO-1', 'found', 5),
        entered('SO-0', 'checking', 120),
        entered('SO-3', 'packing', 6),
      ])
    const change = ({ changes }: Pair) => changes.saveProcess(packedEnds)

    it('wait for each other in one order when the rules change under a commit', async () => {
      expect(await crossed(commit, 'commits', change)).toBeGreaterThan(8)
    })

    it('wait for each other in one order when events come in under a change of rules', async () => {
      expect(await crossed(change, 'changes', commit)).toBeGreaterThan(8)
    })

    it('wait for each other in one order when two servers take events of the same orders and learn stages', async () => {
      expect(await crossed(commit, 'commits', otherCommit)).toBeGreaterThan(8)
    })

    /** In bulk, which locks orders before events: it has to give way to whoever has such an event and waits for its order. */
    async function importInBulk({ commits }: Pair): Promise<void> {
      const file = { file: 'a.csv', hash: '0'.repeat(64), options: {} }
      const importId = await insertImport(watching!, commits.site.code, file, 'ann', Date.now())
      const many = Array.from({ length: 600 }, (_, i) => entered(`imported-${i}`, 'picking', 1))
      const items = [...same, ...many].map((event, index) => ({ index, ok: true as const, event, raw: event }))
      await commits.submit({ sender: 'test', imported: true, importId, items })
    }

    it('wait for each other in one order when a server takes what another one imports', async () => {
      const countDeadlocks = () =>
        watching!.query('select deadlocks::int from pg_stat_database where datname = current_database()')
      const before = await countDeadlocks()
      expect(await crossed(importInBulk, 'commits', ({ changes }) => submitEvents(changes, same))).toBeGreaterThan(8)
      // Whoever is given up in bulk does not say so.
      expect(await countDeadlocks()).toEqual(before)
    })
  },
)

type Writing = (pipelines: Pair) => Promise<unknown>

interface Pair {
  readonly commits: SitePipeline
  readonly changes: SitePipeline
}

const same = [entered('SO-0', 'packing', 60), entered('new', 'packing', 3)]
const orders = ['SO-0', 'SO-1', 'SO-2', 'SO-3']
const learning: ProcessDefinition = { ...shipping, acceptsNewStages: true }

/** Ends an order where it is packed. */
const packedEnds: ProcessDefinition = {
  ...learning,
  stages: [
    ...learning.stages.map(({ terminal: _other, ...stage }) =>
      stage.code === 'packing' ? { ...stage, terminal: true as const } : stage,
    ),
    plainStage('sorting'),
  ],
}

function entered(order: string, stage: string, minutes: number): OrderEvent {
  const occurredAt = beginAt + minutes * 60_000
  return {
    source: 'wms',
    id: `${order}-${stage}-${minutes}`,
    type: 'stage.entered',
    order,
    stage,
    occurredAt,
    data: {},
  }
}
