import { alternate } from '../alternate.ts'
import { heatMapRead, hoursAdd, scan } from '../growth/growing-aggregates.ts'
import { deadlinePop, deadlineSet } from '../growth/growing-deadlines.ts'
import { workingMs } from '../growth/growing-working-time.ts'
import type { Growing } from '../growth/growing.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const most = Number(process.env['BENCH_VISITS'] ?? 10_000_000)
const sizes = [10_000, 100_000, 1_000_000, 10_000_000].filter((size) => size <= Math.max(most, 100_000))
const growing = [heatMapRead, scan, hoursAdd, deadlineSet, deadlinePop, workingMs]
const title = `growth from ${count(sizes[0])} to ${count(sizes.at(-1))} visits`

export const growth: Row = { id: 'B12', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const one of growing) outcomes.push(await measure(one, progress))
  return outcomes
}

async function measure({ name, unit, prepare }: Growing, progress: Progress): Promise<Figure> {
  progress(`${name}: preparing ${sizes.map(count).join(', ')}`)
  const turns = Object.fromEntries(
    sizes.map((size) => {
      const turn = prepare(size)
      return [count(size), async () => turn()]
    }),
  )
  const ns = await alternate(turns, (message) => progress(`${name}, ${message}`))
  const bySize = sizes.map((size) => ({ size, runs: ns[count(size)] ?? [] }))
  const [smallest, largest] = [bySize[0]?.runs ?? [], bySize.at(-1)?.runs ?? []]
  const measured = `ns a ${unit}`
  return {
    id: 'B12',
    what: `${name}: time of a ${unit} at ${count(sizes.at(-1))} visits against ${count(sizes[0])}`,
    value: median(largest) / median(smallest),
    target: 2,
    better: 'lower',
    unit: 'times',
    product: { name: `${count(sizes.at(-1))} visits`, value: median(largest), unit: measured },
    peer: { name: `${count(sizes[0])} visits`, value: median(smallest), unit: measured },
    runs: largest.map((product, i) => ({ product, peer: smallest[i] ?? Number.NaN })),
    notes: [bySize.map(({ size, runs }) => `${count(size)}: ${median(runs).toFixed(0)} ns`).join(' · ')],
  }
}

function count(size: number | undefined): string {
  return (size ?? 0).toLocaleString('en')
}
