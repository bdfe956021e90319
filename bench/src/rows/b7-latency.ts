import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { alternate } from '../alternate.ts'
import { Contender } from '../ingest/contender.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { startIngestServer } from '../ingest/start-ingest-server.ts'
import { deltaLatencies, rankOf } from '../latency/delta-latencies.ts'
import type { FromScreens, FromSender, SendPaced } from '../latency/latency-messages.ts'
import { median } from '../median.ts'
import { nextMessage } from '../next-message.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const events = Number(process.env['BENCH_EVENTS'] ?? 240_000)
const screens = Number(process.env['BENCH_SCREENS'] ?? 100)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 10)
/** Events per request: the same as in B1 for the peak, and the size of a busy source's batches otherwise. */
const batch = { peak: 1_000, paced: 100 }
const title = `event accepted to delta received, ${screens} screens, at half of the peak rate`

interface LatencyRun {
  readonly p50S: number
  readonly p99S: number
  /** Measured from sending instead of accepting. */
  readonly sentP50S: number
  readonly sentP99S: number
}

export const latency: Row = { id: 'B7', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B7', what: title, skipped: fresh.skipped }]
  await using opened = new AsyncDisposableStack()
  opened.defer(fresh.remove)
  const server = await startIngestServer(fresh.place, opened)
  const eventsPerS = (await peakRate(server, progress)) / 2
  const watching = forked(new URL('../latency/screens.ts', import.meta.url), { ...server, screens }, opened)
  await nextMessage<FromScreens, 'joined'>(watching, 'joined')
  const sending = forked(
    new URL('../latency/paced-sender.ts', import.meta.url),
    { ...server, batch: batch.paced },
    opened,
  )
  await nextMessage<FromSender, 'ready'>(sending, 'ready')
  // The runs of the peak use the lower numbers.
  let number = 1_000
  const product = () => latencyRun(sending, watching, { run: number++, eventsPerS, seconds })
  const { product: runs } = await alternate({ product }, progress)
  const sent = [
    `${Math.round(eventsPerS).toLocaleString('en')} events/s for ${seconds} s in requests of ${batch.paced}, at a pace that waits for no answer; peak: median of three times ${events.toLocaleString('en')} events as in B1, before`,
    `from sending instead of accepting: p50 ${median(runs.map(({ sentP50S }) => sentP50S)).toFixed(3)} s, p99 ${median(runs.map(({ sentP99S }) => sentP99S)).toFixed(3)} s`,
    'server, database, sender and the process of the screens share the machine; the 250 ms between deltas are included',
  ]
  return [
    figure(
      'p50',
      0.2,
      runs.map(({ p50S }) => p50S),
      sent,
    ),
    figure(
      'p99',
      0.4,
      runs.map(({ p99S }) => p99S),
      sent,
    ),
  ]
}

async function peakRate(server: { url: string; localAdminToken: string }, progress: Progress): Promise<number> {
  const settings = { ...server, events, batch: batch.peak, connections: 8 }
  const load = await Contender.start(new URL('../ingest/event-load.ts', import.meta.url), settings)
  try {
    const { peak } = await alternate({ peak: () => load.turnMs() }, progress)
    return events / (median(peak) / 1000)
  } finally {
    load.close()
  }
}

async function latencyRun(sender: ChildProcess, watching: ChildProcess, paced: SendPaced): Promise<LatencyRun> {
  await arrivals(watching) // discards earlier deltas
  const sent = nextMessage<FromSender, 'sent'>(sender, 'sent')
  sender.send(paced)
  const { batches } = await sent
  const last = batches.reduce((latest, { position }) => (BigInt(position) > latest ? BigInt(position) : latest), 0n)
  const all = await arrivals(watching)
  for (const latest = performance.now() + 60_000; !all.every((one) => BigInt(one.at(-1)?.position ?? 0) >= last);) {
    if (performance.now() > latest) throw new Error('a screen does not get the last events')
    for (const [i, more] of (await arrivals(watching)).entries()) all[i]?.push(...more)
  }
  const [accepted, since] = [deltaLatencies(batches, all, 'acceptedAt'), deltaLatencies(batches, all, 'sentAt')]
  return {
    p50S: rankOf(accepted, 0.5) / 1000,
    p99S: rankOf(accepted, 0.99) / 1000,
    sentP50S: rankOf(since, 0.5) / 1000,
    sentP99S: rankOf(since, 0.99) / 1000,
  }
}

async function arrivals(watching: ChildProcess) {
  const arrived = nextMessage<FromScreens, 'arrived'>(watching, 'arrived')
  watching.send('tell')
  return (await arrived).screens.map((deltas) => [...deltas])
}

function forked(file: URL, settings: unknown, opened: AsyncDisposableStack): ChildProcess {
  const child = fork(file, [JSON.stringify(settings)])
  opened.defer(() => void child.kill())
  return child
}

function figure(rank: string, target: number, runs: readonly number[], notes: readonly string[]): Figure {
  return {
    id: 'B7',
    what: `${title}: ${rank}`,
    value: median(runs),
    target,
    better: 'lower',
    unit: 's',
    product: { name: 'delta received', value: median(runs), unit: 's' },
    peer: { name: 'limit', value: target, unit: 's' },
    runs: runs.map((product) => ({ product, peer: target })),
    notes,
  }
}
