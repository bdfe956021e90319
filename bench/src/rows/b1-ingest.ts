import { alternate } from '../alternate.ts'
import { Contender } from '../ingest/contender.ts'
import { embeddedPlace, postgresqlPlace } from '../ingest/ingest-places.ts'
import type { DatabasePlace } from '../ingest/ingest-settings.ts'
import { startIngestServer } from '../ingest/start-ingest-server.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const size = { events: Number(process.env['BENCH_EVENTS'] ?? 60_000), batch: 1_000, connections: 4 }
const title = `HTTP to the board, ${size.events.toLocaleString('en')} events in batches of ${size.batch}`

export const ingest: Row = { id: 'B1', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  return [
    await measure('PostgreSQL', 0.25, postgresqlPlace, progress),
    await measure('PGlite', 0.2, embeddedPlace, progress),
  ]
}

async function measure(
  engine: string,
  target: number,
  freshPlace: typeof postgresqlPlace,
  progress: Progress,
): Promise<Outcome> {
  const what = `${title}: events/s on ${engine}`
  await using opened = new AsyncDisposableStack()
  const [ours, bare] = [await freshPlace(), await freshPlace()]
  if ('skipped' in ours) return { id: 'B1', what, skipped: ours.skipped }
  if ('skipped' in bare) return { id: 'B1', what, skipped: bare.skipped }
  opened.defer(ours.remove)
  opened.defer(bare.remove)
  const product = opened.adopt(await startLoad(ours.place, opened), (load) => load.close())
  const inserts = await Contender.start(new URL('../ingest/bare-inserts.ts', import.meta.url), {
    ...size,
    ...bare.place,
  })
  const peer = opened.adopt(inserts, (one) => one.close())
  const contestants = { product: () => product.turnMs(), peer: () => peer.turnMs() }
  const ms = await alternate(contestants, (message) => progress(`${engine}, ${message}`))
  return figure(what, target, ms.product.map(eventsPerS), ms.peer.map(eventsPerS))
}

/** The server in a process of its own, and the process that sends it events. */
async function startLoad(place: DatabasePlace, opened: AsyncDisposableStack): Promise<Contender> {
  const { url, localAdminToken } = await startIngestServer(place, opened)
  return Contender.start(new URL('../ingest/event-load.ts', import.meta.url), { ...size, url, localAdminToken })
}

function eventsPerS(elapsedMs: number): number {
  return size.events / (elapsedMs / 1000)
}

function figure(what: string, target: number, ours: readonly number[], bare: readonly number[]): Figure {
  const unit = 'events/s'
  const product = { name: 'HTTP to the board', value: median(ours), unit }
  const peer = { name: 'bare unnest inserts', value: median(bare), unit }
  return {
    id: 'B1',
    what,
    value: product.value / peer.value,
    target,
    better: 'higher',
    unit: 'of bare inserts',
    product,
    peer,
    runs: ours.map((value, i) => ({ product: value, peer: bare[i] ?? Number.NaN })),
    notes: [
      `${size.connections} connections each; the clock stops when a screen was sent the last event`,
      'sender, server and database share the machine; the bare inserts have no sender and no fold',
    ],
  }
}
