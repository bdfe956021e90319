import { openDatabase } from '@stagewatch/db/open-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { openSite, submitEvents } from '@stagewatch/test/harness/open-site.ts'
import { alternate } from '../alternate.ts'
import { runImport, withFreshServer } from '../import/run-import.ts'
import { embeddedPlace, postgresqlPlace } from '../ingest/ingest-places.ts'
import type { FreshPlace } from '../ingest/ingest-places.ts'
import { stages } from '../ingest/order-events.ts'
import { longestHold } from '../longest-hold.ts'
import { longestTurn } from '../longest-turn.ts'
import { median } from '../median.ts'
import { writeRowsFile } from '../rows-file.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const count = 20_000
const orders = 2_000
const title = `one order with ${count.toLocaleString('en')} events`
const firstAt = Date.UTC(2026, 0, 5)
const minuteMs = 60_000

export const giantOrder: Row = { id: 'B14', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const kind of ['PostgreSQL', 'PGlite'] as const) {
    const fresh = kind === 'PGlite' ? await embeddedPlace() : await postgresqlPlace()
    if ('skipped' in fresh) {
      outcomes.push({ id: 'B14', what: `${title}, on ${kind}`, skipped: fresh.skipped })
      continue
    }
    outcomes.push(await lateEvent(kind, fresh, progress))
    outcomes.push(await importFigure(kind, progress))
  }
  return outcomes
}

/** All of one order, or the same rows of many. */
function* importRows(orderCount: number): Generator<string> {
  yield 'order_id,stage,timestamp,actor'
  for (let i = 0; i < count; i++) {
    const at = new Date(firstAt + i * minuteMs).toISOString()
    yield `SO-${i % orderCount},${stages[Math.floor(i / orderCount) % stages.length]},${at},u${i % 40}`
  }
}

async function importFigure(kind: 'PostgreSQL' | 'PGlite', progress: Progress): Promise<Figure> {
  const [giant, many] = [await writeRowsFile(importRows(1)), await writeRowsFile(importRows(orders))]
  const timeOf = (path: string) => async () => {
    const fresh = kind === 'PGlite' ? await embeddedPlace() : await postgresqlPlace()
    if ('skipped' in fresh) throw new Error(fresh.skipped)
    const { shownMs } = await withFreshServer(fresh, (server, env) => runImport(server, env, [path], count))
    return shownMs
  }
  try {
    const contestants = { one: timeOf(giant.path), many: timeOf(many.path) }
    const { one, many: others } = await alternate(contestants, progress)
    return {
      id: 'B14',
      what: `${title}: import on ${kind}, time against the same rows of ${orders.toLocaleString('en')} orders`,
      value: median(one) / median(others),
      target: 1.5,
      better: 'lower',
      unit: 'times',
      product: { name: 'one order', value: median(one), unit: 'ms' },
      peer: { name: `${orders} orders`, value: median(others), unit: 'ms' },
      runs: one.map((product, i) => ({ product, peer: others[i] ?? Number.NaN })),
      notes: ['from the start of the command until the server beside it shows every row, into a fresh database'],
    }
  } finally {
    await giant.remove()
    await many.remove()
  }
}

function entered(i: number, occurredAt: number): OrderEvent {
  return {
    source: 'bench',
    id: `e${i}`,
    type: 'stage.entered',
    order: 'SO-1',
    stage: stages[i % stages.length] ?? '',
    occurredAt,
    data: {},
  }
}

/** How long an event in the middle of the order blocks everything else. */
async function lateEvent(kind: string, { place, remove }: FreshPlace, progress: Progress): Promise<Figure> {
  progress(`storing the order on ${kind}`)
  const { database } = await openDatabase(place)
  try {
    const clock = new VirtualClock(firstAt + (count + 1) * minuteMs)
    const site = await openSite({ database, clock, site: 'bench' })
    for (let i = 0; i < count; i += 1_000) {
      await submitEvents(
        site,
        Array.from({ length: 1_000 }, (_, j) => entered(i + j, firstAt + (i + j) * minuteMs)),
      )
    }
    let next = count
    const turns: number[] = []
    const late = () =>
      longestHold(async () => {
        turns.push(await longestTurn(() => submitLate(site, next++)))
      })
    const idle = () => longestHold(() => new Promise((resolve) => setTimeout(resolve, 500)))
    const { late: held, idle: unheld } = await alternate({ late, idle }, progress, 5)
    await site.close()
    return {
      id: 'B14',
      what: `${title}: longest hold of the event loop by a late event, on ${kind}`,
      value: median(held),
      target: 50,
      better: 'lower',
      unit: 'ms',
      product: { name: 'a late event', value: median(held), unit: 'ms' },
      peer: { name: 'nothing', value: median(unheld), unit: 'ms' },
      runs: held.map((product, i) => ({ product, peer: unheld[i] ?? Number.NaN })),
      notes: [
        'the event lies in the middle of the order, which is read, folded and written again behind it',
        `processor time of the longest turn of the event loop: ${median(turns.slice(1)).toFixed(1)} ms`,
      ],
    }
  } finally {
    await database.close()
    await remove()
  }
}

function submitLate(site: SitePipeline, i: number): Promise<unknown> {
  return submitEvents(site, [entered(i, firstAt + (count / 2) * minuteMs + (i - count) * 1_000 + 500)])
}
