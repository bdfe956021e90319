import { DwellHistogram } from '@stagewatch/server/engine/dwell-histogram.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { seededRandom } from '../seeded-random.ts'

const title = 'largest error of a percentile against the exact nearest rank'
const values = 200_000
const ratios = Array.from({ length: 1001 }, (_, i) => i / 1000)
const random = seededRandom(5)

/** Common distributions of dwell times, and the hardest ones for a histogram. */
const shapes: Readonly<Record<string, () => number>> = {
  'log-normal around an hour': () => 3_600_000 * Math.exp(0.9 * normal()),
  'log-normal over all magnitudes': () => Math.min(2 ** 50, 1000 * Math.exp(6 * normal())),
  'uniform up to a day': () => 86_400_000 * random(),
  'exponential around ten minutes': () => -600_000 * Math.log(1 - random()),
  'the largest value of each bucket': () =>
    2 ** (7 + Math.floor(38 * random())) * (1 + Math.ceil(64 * random()) / 64) - 1,
  'the smallest value of each bucket': () =>
    2 ** (7 + Math.floor(38 * random())) * (1 + Math.floor(64 * random()) / 64),
}

export const percentileError: Row = { id: 'B5', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const errors = Object.entries(shapes).map(([shape, draw]) => {
    progress(shape)
    return 100 * largestError(draw)
  })
  return [
    {
      id: 'B5',
      what: `${title}, ${Object.keys(shapes).length} shapes of ${values.toLocaleString('en')} durations`,
      value: Math.max(...errors),
      target: 1,
      better: 'lower',
      unit: '%',
      product: { name: 'histogram', value: Math.max(...errors), unit: '%' },
      peer: { name: 'sorted values', value: 0, unit: '%' },
      runs: errors.map((product) => ({ product, peer: 0 })),
      notes: Object.keys(shapes).map((shape, i) => `${shape}: ${errors[i]?.toFixed(3)} %`),
    },
  ]
}

function largestError(draw: () => number): number {
  const sorted = Float64Array.from({ length: values }, () => Math.round(draw())).toSorted()
  const histogram = new DwellHistogram()
  for (const ms of sorted) histogram.add(ms)
  const errors = ratios.map((ratio) => {
    const exact = sorted[Math.max(0, Math.ceil(ratio * values) - 1)] ?? Number.NaN
    return exact === 0 ? 0 : Math.abs((histogram.percentile(ratio) ?? Number.NaN) - exact) / exact
  })
  return Math.max(...errors)
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
