import { setTimeout as wait } from 'node:timers/promises'
import { BoardClient } from '@stagewatch/test/harness/board-client.ts'
import { sendEvents } from '@stagewatch/test/harness/send-events.ts'
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

const orders = Number(process.env['BENCH_OPEN_VISITS'] ?? 1_000_000)
const duesOfRun = 60
/** Random gaps between due instants, so that they are independent of the cadence of the deltas. */
const gapMs = { least: 250, most: 750 }
const leadMs = 3_000
const patienceMs = 30_000
const limitS = 0.4
const title = `due instant to delta received, p99, with ${orders.toLocaleString('en')} open visits`

export const dueInstant: Row = { id: 'B9', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B9', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  const { databaseUrl = '' } = fresh.place
  progress('filling the tables')
  await fillDatabase(databaseUrl, { orders, visitsPerOrder: 1, openEvery: 1 })
  progress('starting the server on them')
  const server = opened.adopt(await startFilledServer(databaseUrl), ({ stop }) => stop())
  const random = seededRandom(9)
  let number = 0
  const product = () => latenciesMs(server, (number += 1), random)
  const { product: runs } = await alternate({ product }, progress)
  const p99s = runs.map((latencies) => rankOf(latencies, 0.99) / 1000)
  const all = Float64Array.from(runs.flatMap((latencies) => [...latencies])).toSorted()
  return [
    {
      id: 'B9',
      what: title,
      value: median(p99s),
      target: limitS,
      better: 'lower',
      unit: 's',
      product: { name: 'delta received', value: median(p99s), unit: 's' },
      peer: { name: 'limit', value: limitS, unit: 's' },
      runs: p99s.map((one) => ({ product: one, peer: limitS })),
      notes: [
        `${duesOfRun} due instants a run, ${gapMs.least} to ${gapMs.most} ms apart; of all: p50 ${(rankOf(all, 0.5) / 1000).toFixed(3)} s, longest ${(rankOf(all, 1) / 1000).toFixed(3)} s; the 250 ms between deltas are included`,
        `2 % of the others are overdue and 3 % at risk, ${server.memoryMb.toFixed(0)} MB of memory after the start; each due instant raised the overdue count once, none before its time`,
      ],
    },
  ]
}

/** Orders that become due one after the other: ms from each due instant to the delta that counts it. Ascending. */
async function latenciesMs(server: FilledServer, turn: number, random: () => number): Promise<Float64Array> {
  let dueAt = Math.ceil(preciseNow() + leadMs)
  const dues = Array.from({ length: duesOfRun }, () => {
    dueAt += Math.round(gapMs.least + random() * (gapMs.most - gapMs.least))
    return dueAt
  })
  await sendOrders(server, turn, dues)
  const screen = new BoardClient({ url: server.url, token: server.localAdminToken })
  try {
    const { kpis } = await screen.join()
    const first = kpis.overdue.count
    if (preciseNow() >= (dues[0] ?? 0)) throw new Error('the server took the orders too late')
    const latencies: number[] = []
    const counted = screen.until((board) => {
      const at = preciseNow()
      while (latencies.length < board.kpis.overdue.count - first) {
        latencies.push(at - (dues[latencies.length] ?? Number.NaN))
      }
      return latencies.length >= duesOfRun
    })
    const tooLate = wait(dueAt - preciseNow() + patienceMs, 'too late' as const, { ref: false })
    if ((await Promise.race([counted, tooLate])) === 'too late') {
      throw new Error(`the screen was told of ${latencies.length} of ${duesOfRun} orders that fell due`)
    }
    if (latencies.length > duesOfRun) throw new Error('more orders fell due than were sent')
    if (latencies.some((ms) => ms < 0)) throw new Error('an order was overdue before its time')
    return Float64Array.from(latencies).toSorted()
  } finally {
    screen.close()
  }
}

async function sendOrders(
  { url, localAdminToken }: FilledServer,
  turn: number,
  dues: readonly number[],
): Promise<void> {
  const events = dues.map((due, i) => ({
    source: 'bench',
    id: `${turn}-${i}`,
    type: 'stage.entered',
    order: `DUE-${turn}-${i}`,
    stage: extraStage,
    occurredAt: new Date(due - targetMs).toISOString(),
  }))
  const { accepted } = await sendEvents(url, localAdminToken, events)
  if (accepted !== dues.length) throw new Error(`the server accepted ${accepted} of ${dues.length} events`)
}
