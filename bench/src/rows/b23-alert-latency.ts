import { setTimeout as wait } from 'node:timers/promises'
import { alertRuleCreated } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { sendEvents } from '@stagewatch/test/harness/send-events.ts'
import { call } from '@stagewatch/test/http/call.ts'
import postgres from 'postgres'
import { alternate } from '../alternate.ts'
import { extraStage, fillDatabase, targetMs } from '../filled/fill-database.ts'
import { startFilledServer } from '../filled/start-filled-server.ts'
import type { FilledServer } from '../filled/start-filled-server.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { rankOf } from '../latency/delta-latencies.ts'
import { preciseNow } from '../latency/latency-messages.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { seededRandom } from '../seeded-random.ts'

const orders = Number(process.env['BENCH_ALERT_ORDERS'] ?? 1_000_000)
const ruleCount = 200
const duesOfRun = 60
/** Random gaps between due instants, so that they are independent of the cadence of the checks. */
const gapMs = { least: 250, most: 750 }
/** Includes the time in which the server accepts the orders. */
const leadMs = 5_000
const patienceMs = 30_000
const pollEveryMs = 10
const limitS = 1
const dayMs = 24 * 3_600_000
const title = `due instant to job enqueued, p99, with ${ruleCount} alert rules and ${orders.toLocaleString('en')} open orders`

export const alertLatency: Row = { id: 'B23', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B23', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  const { databaseUrl = '' } = fresh.place
  progress('filling the tables')
  await fillDatabase(databaseUrl, { orders, visitsPerOrder: 1, openEvery: 1 })
  progress('starting the server on them')
  const server = opened.adopt(await startFilledServer(databaseUrl), ({ stop }) => stop())
  const sql = opened.adopt(postgres(databaseUrl, { max: 1 }), (one) => one.end())
  progress('saving the rules')
  const ruleId = await saveRules(server)
  const random = seededRandom(23)
  let number = 0
  const product = () => latenciesMs({ server, sql, ruleId }, (number += 1), random)
  const { product: runs } = await alternate({ product }, progress)
  const p99s = runs.map((latencies) => rankOf(latencies, 0.99) / 1000)
  const all = Float64Array.from(runs.flatMap((latencies) => [...latencies])).toSorted()
  return [
    {
      id: 'B23',
      what: title,
      value: median(p99s),
      target: limitS,
      better: 'lower',
      unit: 's',
      product: { name: 'job enqueued', value: median(p99s), unit: 's' },
      peer: { name: 'limit', value: limitS, unit: 's' },
      runs: p99s.map((one) => ({ product: one, peer: limitS })),
      notes: [
        `${duesOfRun} due instants a run, ${gapMs.least} to ${gapMs.most} ms apart; of all: p50 ${(rankOf(all, 0.5) / 1000).toFixed(3)} s, longest ${(rankOf(all, 1) / 1000).toFixed(3)} s; read from the database every ${pollEveryMs} ms, which is included`,
        'each due instant raised one alert that somebody is notified of, none before its time',
      ],
    },
  ]
}

/**
 * One rule about the orders that are measured. The others are about the orders of one customer each; their thresholds
 * are so high that they warn of nothing, but they are evaluated all the same.
 * @returns the id of the first.
 */
async function saveRules({ url, localAdminToken: key }: FilledServer): Promise<string> {
  const save = async (condition: AlertRuleRequest['condition'], scope: AlertRuleRequest['scope'], name: string) => {
    const body: AlertRuleRequest = {
      name,
      severity: 'critical',
      enabled: true,
      makesTask: false,
      condition,
      scope,
      ladder: [{ afterMs: 0, to: [{ kind: 'managers' }] }],
      acknowledgedForMs: dayMs,
      mergeMs: 0,
    }
    const reply = await call(`${url}/api/v1/alert-rules`, { key, method: 'POST', body })
    if (reply.status !== 200) throw new Error(`a rule was refused: ${JSON.stringify(reply.body)}`)
    return alertRuleCreated.parse(reply.body).id
  }
  const measured = await save({ kind: 'target', ratio: 1 }, { stages: [extraStage] }, 'Overdue')
  for (let i = 1; i < ruleCount; i++) {
    const afterMs = (100 + i) * dayMs
    const conditions = [
      { kind: 'target', ratio: 15 },
      { kind: 'pastTarget', afterMs },
      { kind: 'stalled', clock: 'working', afterMs },
      { kind: 'held', afterMs },
      { kind: 'unclaimed', since: 'entered', afterMs },
    ] as const satisfies AlertRuleRequest['condition'][]
    await save(conditions[i % conditions.length] ?? conditions[0], { when: { customer: [`C-${i}`] } }, `Rule ${i}`)
  }
  return measured
}

interface Watched {
  readonly server: FilledServer
  readonly sql: postgres.Sql
  readonly ruleId: string
}

/**
 * Orders that become due one after the other: ms from each due instant until its alert, and with it the job that
 * notifies people, is committed. Ascending.
 */
async function latenciesMs(watched: Watched, turn: number, random: () => number): Promise<Float64Array> {
  let dueAt = Math.ceil(preciseNow() + leadMs)
  const dues = new Map<string, number>(
    Array.from({ length: duesOfRun }, (_, i) => {
      dueAt += Math.round(gapMs.least + random() * (gapMs.most - gapMs.least))
      return [`DUE-${turn}-${i}`, dueAt] as const
    }),
  )
  await sendOrders(watched.server, dues)
  if (preciseNow() >= Math.min(...dues.values())) throw new Error('the server took the orders too late')
  const latencies: number[] = []
  const latest = dueAt + patienceMs
  for (let last = 0; latencies.length < duesOfRun; await wait(pollEveryMs)) {
    const rows = await watched.sql<{ id: string; order_id: string; is_silent: boolean }[]>`
      select id, order_id, is_silent from alerts
      where site = 'main' and rule_id = ${watched.ruleId} and id > ${last} order by id`
    const at = preciseNow()
    for (const { id, order_id: order, is_silent: isSilent } of rows) {
      last = Number(id)
      const due = dues.get(order)
      if (due === undefined) continue
      if (isSilent) throw new Error(`nobody is notified of ${order}`)
      if (at < due) throw new Error('an alert began before its time')
      latencies.push(at - due)
    }
    if (at > latest) throw new Error(`${latencies.length} alerts of ${duesOfRun} orders that became due`)
  }
  return Float64Array.from(latencies).toSorted()
}

async function sendOrders({ url, localAdminToken }: FilledServer, dues: ReadonlyMap<string, number>): Promise<void> {
  const events = [...dues].map(([order, due]) => ({
    source: 'bench',
    id: order,
    type: 'stage.entered',
    order,
    stage: extraStage,
    occurredAt: new Date(due - targetMs).toISOString(),
  }))
  const { accepted } = await sendEvents(url, localAdminToken, events)
  if (accepted !== dues.size) throw new Error(`the server accepted ${accepted} of ${dues.size} events`)
}
