import { setTimeout as wait } from 'node:timers/promises'
import buildClient from '@stagewatch/test/harness/build-client.ts'
import { sendEvents } from '@stagewatch/test/harness/send-events.ts'
import { alternate } from '../alternate.ts'
import { fillDatabase } from '../filled/fill-database.ts'
import { startFilledServer } from '../filled/start-filled-server.ts'
import type { FilledServer } from '../filled/start-filled-server.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { rankOf } from '../latency/delta-latencies.ts'
import { median } from '../median.ts'
import { watchOverview } from '../overview-page/watched-overview.ts'
import type { WatchedInteractions, WatchedOverview } from '../overview-page/watched-overview.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const orders = Number(process.env['BENCH_OVERVIEW_ORDERS'] ?? 100_000)
const visitsPerOrder = 10
/** Of a plant with so many orders in a quarter of a year, at its busiest. */
const eventsPerS = 20
const requestEveryMs = 500
const limitMs = 200
const title = `the overview of ${orders.toLocaleString('en')} orders: from an interaction to the next paint`

export const overviewPage: Row = { id: 'B17', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B17', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  const { databaseUrl = '' } = fresh.place
  progress('building the pages and filling the tables')
  await buildClient()
  await fillDatabase(databaseUrl, { orders, visitsPerOrder, openEvery: 20 })
  progress('starting the server on them, and opening the overview')
  const server = opened.adopt(await startFilledServer(databaseUrl), ({ stop }) => stop())
  const page = await watchOverview(opened, server)
  const contestants = { updates: () => whileEventsCome(server, page), still: () => page.act() }
  const { updates, still } = await alternate(contestants, progress)
  return [0.75, 0.98].map((ratio) => figure(ratio, updates, still, page.browser))
}

function figure(
  ratio: number,
  updates: readonly WatchedInteractions[],
  still: readonly WatchedInteractions[],
  browser: string,
): Figure {
  const name = `p${ratio * 100}`
  const ranks = updates.map(({ ms }) => rankOf(ms, ratio))
  const ofStill = median(still.map(({ ms }) => rankOf(ms, ratio)))
  const workMs = median(updates.map((watched) => rankOf(watched.workMs, ratio)))
  const all = updates.flatMap(({ longest }) => [...longest])
  const slowest = Map.groupBy(all, ([kind]) => kind)
    .entries()
    .map(([kind, of]) => ({
      kind,
      ms: Math.max(...of.map(([, [ms]]) => ms)),
      workMs: Math.max(...of.map(([, [, work]]) => work)),
    }))
    .toArray()
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 4)
    .map(({ kind, ms, workMs: work }) => `${kind} ${ms.toFixed(0)} (${work.toFixed(0)})`)
  return {
    id: 'B17',
    what: `${title}, ${name}`,
    value: median(ranks),
    target: limitMs,
    better: 'lower',
    unit: 'ms',
    product: { name: browser, value: median(ranks), unit: 'ms' },
    peer: { name: 'limit', value: limitMs, unit: 'ms' },
    runs: ranks.map((product) => ({ product, peer: limitMs })),
    notes: [
      `${updates[0]?.ms.length} interactions a run while ${eventsPerS} events a second come; ${ofStill.toFixed(0)} ms without events; what takes less than 16 ms counts as 16`,
      `longest of all runs: ${slowest.join(', ')} ms; by the clock, so that whatever else the machine does counts; in brackets, and ${workMs.toFixed(0)} ms at ${name}, the processor time of the page's main thread until the next interaction, updates included`,
    ],
  }
}

let sent = 0

/** Orders come, move on and are completed all the while. @throws when the page shows nothing of it. */
async function whileEventsCome(server: FilledServer, page: WatchedOverview): Promise<WatchedInteractions> {
  const before = await page.shownTexts()
  let isActing = true
  const sending = (async () => {
    while (isActing) {
      const events = Array.from({ length: (eventsPerS * requestEveryMs) / 1000 }, () => nextEvent((sent += 1)))
      const { accepted } = await sendEvents(server.url, server.localAdminToken, events)
      if (accepted !== events.length) throw new Error(`the server accepted ${accepted} of ${events.length} events`)
      await wait(requestEveryMs)
    }
  })()
  // What fails is told when the interactions are over.
  sending.catch(() => undefined)
  const watched = await page.act()
  isActing = false
  await sending
  if ((await page.shownTexts()) <= before) throw new Error('no figure of the page has changed')
  return watched
}

/** Each order passes a stage with every fourth event of its ten. */
function nextEvent(number: number) {
  const order = Math.floor(number / 40) * 4 + (number % 4)
  const step = Math.floor((number % 40) / 4)
  return {
    source: 'bench',
    id: `live-${number}`,
    order: `LIVE-${order}`,
    occurredAt: new Date().toISOString(),
    ...(step === visitsPerOrder - 1
      ? { type: 'order.completed' }
      : {
          type: 'stage.entered',
          stage: `stage-${step}`,
          data: { customer: `C-${order % 300}`, department: `D-${order % 5}` },
        }),
  }
}
