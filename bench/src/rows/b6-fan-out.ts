import { alternate } from '../alternate.ts'
import { FanOut } from '../fan-out/fan-out.ts'
import type { FanOutRun } from '../fan-out/fan-out.ts'
import { sampleDelta } from '../fan-out/sample-delta.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const sockets = Number(process.env['BENCH_SOCKETS'] ?? 1000)
const rounds = 150
/** The rate depends strongly on other load, so the median needs more than three runs. */
const minRuns = 7
const title = `board delta to ${sockets.toLocaleString('en')} sockets`

const notes = [
  `${rounds} deltas of ${Buffer.byteLength(JSON.stringify(sampleDelta(0)))} bytes in each run`,
  'server and clients are processes of their own',
]

export const fanOut: Row = { id: 'B6', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress(`connecting ${sockets} sockets to each server`)
  const started: FanOut[] = []
  try {
    const product = await FanOut.start('board', sockets)
    started.push(product)
    const peer = await FanOut.start('ws', sockets)
    started.push(peer)
    const contestants = { product: () => product.push(rounds), peer: () => peer.push(rounds) }
    const { product: ours, peer: theirs } = await alternate(contestants, progress, minRuns)
    return [figure(ours, theirs)]
  } finally {
    for (const one of started) one.close()
  }
}

function figure(ours: readonly FanOutRun[], theirs: readonly FanOutRun[]): Figure {
  const unit = 'µs'
  const cpuOf = (runs: readonly FanOutRun[]) => median(runs.map(({ cpuUsPerMessage }) => cpuUsPerMessage))
  const rateOf = (runs: readonly FanOutRun[]) => Math.round(median(runs.map(({ messagesPerS }) => messagesPerS)))
  const [rate, most] = [rateOf(ours), rateOf(theirs)]
  const product = { name: 'board sockets', value: cpuOf(ours), unit }
  const peer = { name: 'bare ws', value: cpuOf(theirs), unit }
  return {
    id: 'B6',
    what: `${title}: processor time of the server for a message`,
    value: product.value / peer.value,
    target: 1.6,
    better: 'lower',
    unit: 'of bare ws',
    product,
    peer,
    runs: ours.map(({ cpuUsPerMessage }, i) => ({
      product: cpuUsPerMessage,
      peer: theirs[i]?.cpuUsPerMessage ?? Number.NaN,
    })),
    notes: [
      `rate: ${rate.toLocaleString('en')} messages/s, bare ws ${most.toLocaleString('en')}, ${(rate / most).toFixed(2)} of it`,
      ...notes,
    ],
  }
}
