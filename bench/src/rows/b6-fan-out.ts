import { alternate } from '../alternate.ts'
import { FanOut } from '../fan-out/fan-out.ts'
import type { FanOutRun } from '../fan-out/fan-out.ts'
import { sampleDelta } from '../fan-out/sample-delta.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'

const sockets = Number(process.env['BENCH_SOCKETS'] ?? 1000)
const rounds = 150
/** The rate depends much on what else runs, so the median needs more than three. */
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
    const figure = (key: keyof FanOutRun, unit: string) =>
      compared(
        ours.map((one) => one[key]),
        theirs.map((one) => one[key]),
        unit,
      )
    return [
      { ...figure('messagesPerS', 'messages/s'), what: `${title}: messages/s`, target: 0.7, better: 'higher' },
      {
        ...figure('cpuUsPerMessage', 'µs'),
        what: `${title}: CPU of the server per message`,
        target: 1.6,
        better: 'lower',
      },
    ]
  } finally {
    for (const one of started) one.close()
  }
}

function compared(ours: readonly number[], theirs: readonly number[], unit: string) {
  const product = { name: 'board sockets', value: median(ours), unit }
  const peer = { name: 'bare ws', value: median(theirs), unit }
  return {
    id: 'B6',
    value: product.value / peer.value,
    unit: 'of bare ws',
    product,
    peer,
    runs: ours.map((value, i) => ({ product: value, peer: theirs[i] ?? Number.NaN })),
    notes,
  }
}
