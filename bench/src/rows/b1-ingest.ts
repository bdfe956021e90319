import { alternate } from '../alternate.ts'
import { Contender } from '../ingest/contender.ts'
import { CpuMeter } from '../ingest/cpu-meter.ts'
import { embeddedPlace, postgresqlPlace } from '../ingest/ingest-places.ts'
import { startIngestServer } from '../ingest/start-ingest-server.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const size = { events: Number(process.env['BENCH_EVENTS'] ?? 240_000), batch: 1_000, connections: 8 }
const title = `HTTP to the board, ${size.events.toLocaleString('en')} events in batches of ${size.batch}`

export const ingest: Row = { id: 'B1', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  return [
    ...(await measure('PostgreSQL', { ratio: 0.3, cpuUs: 30 }, postgresqlPlace, progress)),
    ...(await measure('PGlite', { ratio: 0.25 }, embeddedPlace, progress)),
  ]
}

interface Targets {
  readonly ratio: number
  /** CPU time of server and database together, per event. */
  readonly cpuUs?: number
}

interface IngestRun {
  readonly eventsPerS: number
  readonly serverUs: number
  readonly backendsUs: number
}

async function measure(
  engine: string,
  targets: Targets,
  freshPlace: typeof postgresqlPlace,
  progress: Progress,
): Promise<Outcome[]> {
  const what = `${title}: events/s on ${engine}`
  await using opened = new AsyncDisposableStack()
  const [ours, bare] = [await freshPlace(), await freshPlace()]
  if ('skipped' in ours) return [{ id: 'B1', what, skipped: ours.skipped }]
  if ('skipped' in bare) return [{ id: 'B1', what, skipped: bare.skipped }]
  opened.defer(ours.remove)
  opened.defer(bare.remove)
  const server = await startIngestServer(ours.place, opened)
  const load = await Contender.start(new URL('../ingest/event-load.ts', import.meta.url), { ...size, ...server })
  opened.defer(() => load.close())
  const settings = { ...size, ...bare.place }
  const inserts = await Contender.start(new URL('../ingest/bare-inserts.ts', import.meta.url), settings)
  opened.defer(() => inserts.close())
  const productCpu = opened.adopt(new CpuMeter(server.pid, ours.place.databaseUrl), (one) => one.close())
  const peerCpu = opened.adopt(new CpuMeter(inserts.pid, bare.place.databaseUrl), (one) => one.close())
  const contestants = { product: () => turn(load, productCpu), peer: () => turn(inserts, peerCpu) }
  const turns = await alternate(contestants, (message) => progress(`${engine}, ${message}`))
  const rate = figure(what, targets.ratio, turns)
  return targets.cpuUs === undefined ? [rate] : [rate, cpuFigure(engine, targets.cpuUs, turns)]
}

async function turn(contender: Contender, cpu: CpuMeter): Promise<IngestRun> {
  const { result: elapsedMs, server, backends } = await cpu.of(() => contender.turnMs())
  return { eventsPerS: size.events / (elapsedMs / 1000), serverUs: usOf(server), backendsUs: usOf(backends) }
}

function usOf(seconds: number): number {
  return (seconds * 1e6) / size.events
}

interface Turns {
  readonly product: readonly IngestRun[]
  readonly peer: readonly IngestRun[]
}

function figure(what: string, target: number, turns: Turns): Figure {
  const unit = 'events/s'
  const [ours, bare] = [turns.product, turns.peer].map((runs) => runs.map(({ eventsPerS }) => eventsPerS))
  const product = { name: 'HTTP to the board', value: median(ours ?? []), unit }
  const peer = { name: 'bare unnest inserts', value: median(bare ?? []), unit }
  return {
    id: 'B1',
    what,
    value: product.value / peer.value,
    target,
    better: 'higher',
    unit: 'of bare inserts',
    product,
    peer,
    runs: turns.product.map(({ eventsPerS }, i) => ({ product: eventsPerS, peer: bare?.[i] ?? Number.NaN })),
    notes: [
      `${size.connections} connections each; the clock stops when a screen was sent the last event`,
      'sender, server and database share the machine; the bare inserts have no sender and no fold',
      `processor time of an event: ${share(turns.product)}; of a bare insert: ${share(turns.peer)}`,
    ],
  }
}

function cpuFigure(engine: string, target: number, turns: Turns): Figure {
  const unit = 'µs/event'
  const [ours, bare] = [turns.product, turns.peer].map((runs) => runs.map(wholeUs))
  const product = { name: 'HTTP to the board', value: median(ours ?? []), unit }
  return {
    id: 'B1',
    what: `${title}: processor time of server and database on ${engine}`,
    value: product.value,
    target,
    better: 'lower',
    unit,
    product,
    peer: { name: 'bare unnest inserts', value: median(bare ?? []), unit },
    runs: (ours ?? []).map((value, i) => ({ product: value, peer: bare?.[i] ?? Number.NaN })),
    notes: [`${share(turns.product)}; the sender is not counted`],
  }
}

function wholeUs({ serverUs, backendsUs }: IngestRun): number {
  return serverUs + backendsUs
}

function share(runs: readonly IngestRun[]): string {
  const us = (part: (run: IngestRun) => number) => median(runs.map(part)).toFixed(1)
  return `${us(({ serverUs }) => serverUs)} µs in the process, ${us(({ backendsUs }) => backendsUs)} µs in backends of PostgreSQL`
}
