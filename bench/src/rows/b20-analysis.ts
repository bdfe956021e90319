import { dwellDistribution } from '@stagewatch/server/analysis/dwell-distribution.ts'
import { stageFlow } from '@stagewatch/server/analysis/stage-flow.ts'
import { timeParts } from '@stagewatch/server/analysis/time-parts.ts'
import { timeSpent } from '@stagewatch/server/analysis/time-spent.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { ScanPool } from '@stagewatch/server/engine/scans/scan-pool.ts'
import { partsQuery } from '@stagewatch/shared/contract/analysis-parts.ts'
import { dwellQuery, flowQuery, timeDimensions, timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { rankOf } from '../latency/delta-latencies.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { firstHour, hourCount, stageCount, syntheticVisits } from '../synthetic-visits.ts'

const count = Number(process.env['BENCH_VISITS'] ?? 10_000_000)
const runs = Number(process.env['BENCH_RUNS'] ?? 3)
const rounds = 5
const limitMs = 200
const hourMs = 3_600_000
const now = (firstHour + hourCount) * hourMs
const title = `any slice of the analysis over ${count.toLocaleString('en')} visits`

export const analysis: Row = { id: 'B20', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress('storing the visits')
  const engine = filledEngine()
  const pool = new ScanPool()
  try {
    const slices = slicesOf(engine, pool)
    // The first query starts the threads and sends them the visits.
    for (const { ask } of slices) await ask()
    const p95s: number[] = []
    const byName = new Map<string, { readonly tookMs: number; readonly cpuMs: number }[]>()
    for (let turn = 0; turn < runs; turn++) {
      progress(`round ${turn + 1} of ${runs}`)
      const times: number[] = []
      for (let round = 0; round < rounds; round++) {
        for (const { name, ask } of slices) {
          const startedAt = performance.now()
          const before = process.cpuUsage()
          await ask()
          const tookMs = performance.now() - startedAt
          const { user, system } = process.cpuUsage(before)
          times.push(tookMs)
          byName.set(name, [...(byName.get(name) ?? []), { tookMs, cpuMs: (user + system) / 1000 }])
        }
      }
      p95s.push(rankOf(Float64Array.from(times).toSorted(), 0.95))
    }
    const medians = (what: 'tookMs' | 'cpuMs'): string =>
      [...byName].map(([name, asked]) => `${name} ${median(asked.map((one) => one[what])).toFixed(0)}`).join(', ')
    return [
      {
        id: 'B20',
        what: `${title}: p95`,
        value: median(p95s),
        target: limitMs,
        better: 'lower',
        unit: 'ms',
        product: { name: 'slice', value: median(p95s), unit: 'ms' },
        peer: { name: 'limit', value: limitMs, unit: 'ms' },
        runs: p95s.map((product) => ({ product, peer: limitMs })),
        notes: [
          `medians, ms: ${medians('tookMs')}`,
          `medians of the processor time, ms: ${medians('cpuMs')}`,
          `the scans run on ${pool.threadCount} threads beside the main one`,
        ],
      },
    ]
  } finally {
    await pool.close()
  }
}

/** An engine with the synthetic visits as finished ones; nothing is open. */
function filledEngine(): LiveEngine {
  const engine = new LiveEngine('UTC')
  const stages = Array.from({ length: stageCount }, (_, stage) => plainStage(`stage-${stage}`))
  engine.setProcess(
    [{ definition: { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} } }],
    now,
  )
  const { finished, departments, customers, customerClasses, products } = engine.ended
  const named = { department: departments, customer: customers, customerClass: customerClasses, product: products }
  for (const visit of syntheticVisits(count)) {
    for (const [name, dictionary] of Object.entries(named) as [keyof typeof named, typeof departments][]) {
      while (dictionary.size <= visit[name]) dictionary.idOf(`${name}-${dictionary.size}`)
    }
    finished.add(visit)
  }
  return engine
}

interface Slice {
  readonly name: string
  readonly ask: () => Promise<unknown>
}

function slicesOf(engine: LiveEngine, pool: ScanPool): Slice[] {
  const period = { from: new Date(firstHour * hourMs).toISOString() }
  const ofTime = timeDimensions.map((rows): Slice => {
    const query = timeQuery.parse({ ...period, rows })
    return { name: `by ${rows}`, ask: () => checked(timeSpent(engine, query, now, pool)) }
  })
  const ofParts = (['stage', 'customer', 'hourOfDay'] as const).map((rows): Slice => {
    const query = partsQuery.parse({ ...period, rows })
    return { name: `working and waiting by ${rows}`, ask: () => checked(timeParts(engine, query, now, pool)) }
  })
  const narrow = timeQuery.parse({ ...period, rows: 'customer', stage: 'stage-3', department: ['department-2'] })
  const dwell = dwellQuery.parse({ ...period, stage: 'stage-3' })
  const flow = flowQuery.parse({ ...period, columns: 'hour' })
  return [
    ...ofTime,
    ...ofParts,
    { name: 'customers of a stage and a department', ask: () => timeSpent(engine, narrow, now, pool) },
    { name: 'distribution of a stage', ask: () => dwellDistribution(engine, dwell, now, pool) },
    { name: 'flow by hour', ask: () => stageFlow(engine, flow, now, pool) },
  ]
}

/** @throws when a visit is missing. */
async function checked(spent: Promise<{ readonly total: { readonly visits: number } }>): Promise<void> {
  const { total } = await spent
  if (total.visits !== count) throw new Error(`${total.visits} of ${count} visits were counted`)
}
