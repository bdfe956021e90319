import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { AlertRules } from '@stagewatch/server/alerts/alert-rules.ts'
import type { Caller } from '@stagewatch/server/access/caller.ts'
import { Channels } from '@stagewatch/server/channels/manage-channels.ts'
import { saveSubscription } from '@stagewatch/server/channels/push/push-table.ts'
import { Webhooks } from '@stagewatch/server/connections/manage-webhooks.ts'
import { saveUser } from '@stagewatch/server/identity/users-table.ts'
import { insertUpload } from '@stagewatch/server/ingest/imports/uploads-table.ts'
import { saveMapping } from '@stagewatch/server/ingest/imports/mappings-table.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { SecretKeys } from '@stagewatch/server/platform/secret-keys.ts'
import { ProcessDrafts } from '@stagewatch/server/rules/process-drafts.ts'
import { addView, viewerOf } from '@stagewatch/server/saved-views/saved-views.ts'
import { saveSite } from '@stagewatch/server/sites/sites-table.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutting } from '../http/rule-plant.ts'
import { eventually } from '../harness/eventually.ts'
import { skipUnless } from '../harness/skip.ts'

const site = 'main'
const clock = systemClock
const author = { kind: 'person', name: 'ada@example.com', site } as const
const secrets = new SecretKeys({ configured: [randomBytes(32)] })

describe(
  'what there may be only so much of, when two make the last one at the same moment',
  skipUnless(process.env['TEST_DATABASE_URL'] !== undefined, 'transactions at the same time (need PostgreSQL)'),
  () => {
    let database: Database
    let userId: string
    let caller: Caller
    beforeAll(async () => {
      database = await openTestDatabase()
      await saveSite(database, { code: site, name: { en: site }, timeZone: 'UTC', sample: false })
      const person = { name: 'Ada', email: 'ada@example.com', passwordHash: 'none', emailVerified: true }
      userId = await saveUser(database, person)
      const actions: Caller['actions'] = new Set(['orders.read'])
      caller = { ...author, id: userId, actions, privacy: openPrivacy }
    })
    afterAll(() => database.close())

    const kinds: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
      process_drafts(n) {
        const definition = { ...cutting({ targetMs: 1 }), code: `process-${n}` }
        return new ProcessDrafts(database, site, clock).save({ definition, base: null }, author, null)
      },
      saved_views(n) {
        return addView(database, viewerOf(caller), { page: 'orders', name: `view ${n}`, search: '', shared: false })
      },
      webhooks(n) {
        const request = {
          name: `hook ${n}`,
          url: 'https://8.8.8.8/',
          events: ['order.overdue'],
          enabled: true,
        } as const
        return new Webhooks({ database, clock, secrets, allowsPrivate: false }).create(
          { ...request, events: [...request.events] },
          author,
        )
      },
      channels(n) {
        const channels = new Channels({ database, clock, secrets, allowsPrivate: false })
        const [settings, hook] = [{}, { url: 'https://8.8.8.8/' }]
        return channels.create({ kind: 'slack', name: `chat ${n}`, enabled: true, settings, secrets: hook }, author)
      },
      alert_rules(n) {
        const rule = {
          name: `rule ${n}`,
          severity: 'warning',
          enabled: true,
          makesTask: false,
          condition: { kind: 'held', afterMs: 1 },
          scope: {},
          ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
          acknowledgedForMs: 1,
          mergeMs: 0,
        } as const
        return new AlertRules(database, clock).create(rule, author)
      },
      import_mappings(n) {
        return saveMapping(database, { name: `mapping ${n}`, after: {} }, author, null, clock.now())
      },
      uploads(n) {
        const upload = { id: `upload-${n}`, file: 'a.csv', bytes: 1, host: 'here' }
        const [startedAt, expiresAt] = [clock.now(), clock.now() + 3_600_000]
        return insertUpload(database, site, caller, { ...upload, startedAt, expiresAt }, 1_000_000)
      },
      async push_subscriptions(n) {
        const keys = { p256dh: 'p', auth: 'a' }
        const box = await secrets.box()
        return database.transaction((tx) =>
          saveSubscription(tx, userId, { endpoint: `https://push.example/${n}`, keys }, box, clock.now()),
        )
      },
    }

    it.each(Object.keys(kinds))('%s', async (table) => {
      const make = kinds[table]!
      const count = async () => (await database.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n
      let [most, made] = [0, 0]
      // Fills the limit until one more is refused, or evicts another one.
      for (; ; made++) {
        const isRefused = await make(made).then(
          () => false,
          () => true,
        )
        if (isRefused || (await count()) === most) break
        most += 1
      }
      expect(most).toBeGreaterThan(5)
      await database.query(`delete from ${table} where ctid = (select min(ctid) from ${table})`)
      const { promise: mayWrite, resolve: letWrite } = Promise.withResolvers<void>()
      const locked = Promise.withResolvers<void>()
      // Blocks writes to the table until both requests have got as far as they can.
      const holder = database.transaction(async (tx) => {
        await tx.query('set local idle_in_transaction_session_timeout = 0')
        await tx.query(`lock table ${table} in share row exclusive mode`)
        locked.resolve()
        await mayWrite
      })
      await locked.promise
      const both = Promise.allSettled([make(made + 1), make(made + 2)])
      await eventually(async () => {
        const [row] = await database.query<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        )
        expect(row?.n).toBe(2)
      })
      letWrite()
      await holder
      const results = await both
      expect(await count()).toBe(most)
      expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    })
  },
)
