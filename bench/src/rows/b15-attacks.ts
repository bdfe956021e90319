import { askForRecordings, AttackedServer, fill, ingestLatencies, nameSources, whileAsking } from '../attacks/attack.ts'
import type { FreshPlace } from '../ingest/ingest-places.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { rankOf } from '../latency/delta-latencies.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const title = 'memory under attack'
/** Number of events of the plant before the attacks. */
const events = Number(process.env['BENCH_EVENTS'] ?? 60_000)
/** Fewer than exist, so that queries over the whole history must read from the database. */
const memoryVisits = Math.max(1_000, Math.round(events / 8))
const mostMib = { recordings: 400, sources: 150, views: 400, statistics: 250 }

export const attacks: Row = { id: 'B15', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B15', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  progress(`storing ${events.toLocaleString('en')} events`)
  await withServer(fresh, (server) => fill(server, events))

  progress('25 recordings')
  const recordings = await attacked(
    fresh,
    'recordings',
    '25 recordings asked for at once, by 7 viewers',
    async (server) => {
      return [`${await askForRecordings(server, 25, 7)} of 25 are shown`]
    },
  )
  progress('statistics without from')
  const statistics = await asked(fresh)
  progress('40 edits of departments')
  const views = await attacked(fresh, 'views', 'views of departments after 40 edits', async (server) => {
    const { open, refused } = await server.views(40)
    return [`${open} were opened, ${refused} refused; at most 24 stay open`]
  })
  progress('50,000 names of sources')
  const sources = await attacked(fresh, 'sources', 'events that name 50,000 sources', async (server) => {
    return [`${await nameSources(server, 50_000)} of 50,000 were accepted`]
  })
  return [recordings, sources, views, ...statistics]
}

async function withServer<T>({ place }: FreshPlace, work: (server: AttackedServer) => Promise<T>): Promise<T> {
  await using opened = new AsyncDisposableStack()
  return await work(await AttackedServer.start(place, memoryVisits, opened))
}

function attacked(
  fresh: FreshPlace,
  name: keyof typeof mostMib,
  what: string,
  attack: (server: AttackedServer) => Promise<string[]>,
): Promise<Figure> {
  return withServer(fresh, async (server) => {
    const before = await server.memory()
    const notes = await attack(server)
    const after = await server.memory()
    const growth = after.peakRss - before.peakRss
    return {
      id: 'B15',
      what: `${what}: growth of the server's memory at its peak`,
      value: growth,
      target: mostMib[name],
      better: 'lower',
      unit: 'MiB',
      product: { name: 'at the peak', value: after.peakRss, unit: 'MiB' },
      peer: { name: 'before', value: before.peakRss, unit: 'MiB' },
      runs: [{ product: after.peakRss, peer: before.peakRss }],
      notes: [
        ...notes,
        `${events.toLocaleString('en')} events are there before`,
        `held after a collection of garbage: ${before.held.toFixed(0)} MiB before, ${after.held.toFixed(0)} MiB after`,
      ],
    }
  })
}

/** Eight concurrent queries over the whole history, next to single events. */
async function asked(fresh: FreshPlace): Promise<Figure[]> {
  let alone: number[] = []
  let beside: number[] = []
  const memory = await attacked(fresh, 'statistics', 'eight statistics at once without from', async (server) => {
    alone = await ingestLatencies(server, 250, 'alone')
    const { result, statuses } = await whileAsking(server, 8, () => ingestLatencies(server, 250, 'beside'))
    beside = result
    const answers = Object.entries(statuses).map(([status, count]) => `${count} times ${status}`)
    return [
      `answered ${answers.join(', ')}; memory holds ${memoryVisits.toLocaleString('en')} visits, the rest is read`,
    ]
  })
  const p99 = { alone: rankOf(alone, 0.99), beside: rankOf(beside, 0.99) }
  return [
    memory,
    {
      id: 'B15',
      what: 'eight statistics at once without from: p99 of the answer to an event beside them',
      value: p99.beside / p99.alone,
      target: 2,
      better: 'lower',
      unit: 'times that of an event alone',
      product: { name: 'beside eight questions', value: p99.beside, unit: 'ms' },
      peer: { name: 'alone', value: p99.alone, unit: 'ms' },
      runs: [{ product: p99.beside, peer: p99.alone }],
      notes: [
        `p50 ${rankOf(beside, 0.5).toFixed(1)} ms, alone ${rankOf(alone, 0.5).toFixed(1)} ms; 250 events, one every 20 ms`,
      ],
    },
  ]
}
