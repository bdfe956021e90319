import { setTimeout as wait } from 'node:timers/promises'
import { sendEvents } from '@stagewatch/test/harness/send-events.ts'
import type { FilledServer } from '../filled/start-filled-server.ts'
import { rankOf } from '../latency/delta-latencies.ts'
import { median } from '../median.ts'
import type { Figure, Row } from '../row.ts'
import type { WatchedInteractions, WatchedPage } from './watched-page.ts'

/** Applies to the orders in the filled tables and to incoming ones. */
export const visitsPerOrder = 10
/** The peak rate of a plant with this many orders in a quarter of a year. */
const eventsPerS = 20
const requestEveryMs = 500
const limitMs = 200

/** The figure for a ratio over all interactions. */
export function interactionFigure(
  { id, title }: Pick<Row, 'id' | 'title'>,
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
    id,
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

/** Orders arrive, move on and are completed during the measurement. @throws when the page shows none of it. */
export async function whileEventsCome(server: FilledServer, page: WatchedPage): Promise<WatchedInteractions> {
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
  // Errors are reported after the interactions.
  sending.catch(() => undefined)
  const watched = await page.act()
  isActing = false
  await sending
  if ((await page.shownTexts()) <= before) throw new Error('no figure of the page has changed')
  return watched
}

/** Four orders take turns; each passes a stage with each of its ten events. */
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
