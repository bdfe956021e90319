import { sendEvents } from '@stagewatch/test/harness/send-events.ts'
import { alternate } from '../alternate.ts'
import { questions, readPages } from '../desk/desk-readers.ts'
import { fillDatabase } from '../filled/fill-database.ts'
import { startFilledServer } from '../filled/start-filled-server.ts'
import type { FilledServer } from '../filled/start-filled-server.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { rankOf } from '../latency/delta-latencies.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'

const orders = Number(process.env['BENCH_DESK_ORDERS'] ?? 1_000_000)
const visitsPerOrder = 10
const people = { count: 50, everyMs: 5_000, durationMs: 30_000 }
const openedOrders = 500
const limitMs = 100
const hourMs = 3_600_000
const title = `pages of the desk for ${people.count} people over ${orders.toLocaleString('en')} orders`

export const desk: Row = { id: 'B16', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B16', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  const { databaseUrl = '' } = fresh.place
  progress('filling the tables')
  await fillDatabase(databaseUrl, { orders, visitsPerOrder, openEvery: 20 })
  progress('starting the server on them')
  const server = opened.adopt(await startFilledServer(databaseUrl), ({ stop }) => stop())
  const reading = { ...people, url: server.url, opened: await sendOrders(server) }
  let turn = 0
  const { product: runs } = await alternate({ product: () => readPages(reading, (turn += 1)) }, progress)
  return questions.map((question) => {
    const answers = runs.map((one) => one[question])
    const p95s = answers.map((ms) => rankOf(ms, 0.95))
    const all = Float64Array.from(answers.flatMap((ms) => [...ms])).toSorted()
    return {
      id: 'B16',
      what: `${title}: p95 of the ${question}`,
      value: median(p95s),
      target: limitMs,
      better: 'lower',
      unit: 'ms',
      product: { name: question, value: median(p95s), unit: 'ms' },
      peer: { name: 'limit', value: limitMs, unit: 'ms' },
      runs: p95s.map((product) => ({ product, peer: limitMs })),
      notes: [
        `${all.length} answers in all: p50 ${rankOf(all, 0.5).toFixed(1)} ms, longest ${rankOf(all, 1).toFixed(0)} ms, from the request to the last byte in another process on this machine`,
        `each person asks something else every ${people.everyMs / 1000} s, without waiting for the answer; ${(orders * visitsPerOrder).toLocaleString('en')} visits, every 20th order open, ${server.memoryMb.toFixed(0)} MB after the start; PostgreSQL`,
      ],
    }
  })
}

/** Orders with their own log: the others were written without events. */
async function sendOrders({ url, localAdminToken }: FilledServer): Promise<string[]> {
  const names = Array.from({ length: openedOrders }, (_, i) => `LOGGED-${i}`)
  for (const [i, order] of names.entries()) {
    const events = Array.from({ length: 2 * visitsPerOrder }, (_, n) => ({
      source: 'bench',
      id: `${i}-${n}`,
      type: n % 2 === 0 ? 'stage.entered' : 'stage.completed',
      order,
      stage: `stage-${Math.floor(n / 2)}`,
      occurredAt: new Date(Date.now() - (2 * visitsPerOrder - n) * hourMs).toISOString(),
      data: { customer: `C-${i % 300}`, department: `D-${i % 5}` },
    }))
    const { accepted } = await sendEvents(url, localAdminToken, events)
    if (accepted !== events.length) throw new Error(`the server accepted ${accepted} of ${events.length} events`)
  }
  return names
}
