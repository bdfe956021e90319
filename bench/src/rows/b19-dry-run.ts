import { DryRun } from '@stagewatch/server/engine/dry-run/dry-run.ts'
import type { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { inSlices } from '@stagewatch/server/platform/in-slices.ts'
import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { alternate } from '../alternate.ts'
import { filledEngine, filledProcess, now, visitsPerOrder } from '../dry-run/filled-engine.ts'
import { longestTurn } from '../longest-turn.ts'
import { median } from '../median.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const orders = Number(process.env['BENCH_DRY_RUN_ORDERS'] ?? 1_000_000)
const hourMs = 3_600_000
const days = 30
const limitS = 5
const title = `dry run of ${days} days over ${orders.toLocaleString('en')} orders`

export const dryRun: Row = { id: 'B19', title, run }

const drafts = {
  'other targets': filledProcess({ targetMs: 8 * hourMs }),
  'a stage with rules, a promise and another calendar': withManyLimits(),
  'rules, promises, cut-offs and another calendar in all stages': withEveryLimit(),
} satisfies Readonly<Record<string, ProcessDefinition>>

type DraftName = keyof typeof drafts

/** A stage whose visits are evaluated one by one, which takes some 2 µs per visit. The others keep their limits. */
function withManyLimits(): ProcessDefinition {
  const process = filledProcess()
  const [first, ...others] = process.stages
  if (first === undefined) throw new Error('the process has no stage')
  const targets = [{ when: { priority: ['high'] }, targetMs: 4 * hourMs }]
  return { ...process, stages: [{ ...first, targets, promiseLeadMs: hourMs, calendar: 'night' }, ...others] }
}

/** The worst case of a draft: every stage has changed, and every limit must be computed. */
function withEveryLimit(): ProcessDefinition {
  const process = filledProcess()
  const limits: Partial<StageDefinition> = {
    targets: [
      { when: { priority: ['urgent'], customerClass: ['A', 'B'] }, targetMs: 2 * hourMs },
      { when: { customer: ['C-1*', 'C-20'], amount: { from: 10_000 } }, targetMs: 3 * hourMs },
      { when: { department: ['D-0', 'D-3'], priority: ['high'] }, targetMs: 4 * hourMs, promiseLeadMs: 3 * hourMs },
      { when: { product: ['P-*'] }, targetMs: 5 * hourMs },
      { when: { quantity: { below: 10 }, currency: ['EUR'] }, targetMs: 6 * hourMs },
    ],
    promiseLeadMs: hourMs,
    cutOff: { enterBy: '12:00', leaveBy: '16:00' },
    calendar: 'night',
  }
  return { ...process, stages: process.stages.map((stage) => ({ ...stage, ...limits })) }
}

interface Measured {
  readonly seconds: number
  /** CPU time of the longest turn of the event loop. */
  readonly turnMs: number
  readonly result: DryRunResult
}

async function run(progress: Progress): Promise<Outcome[]> {
  progress('counting the orders in')
  const engine = filledEngine(orders)
  const names = Object.keys(drafts) as DraftName[] // an object literal has no other keys than its own
  const contestants = Object.fromEntries(names.map((name) => [name, () => measure(engine, name)]))
  const measured = await alternate(contestants as Record<DraftName, () => Promise<Measured>>, progress)
  return names.map((name) => figureOf(name, measured[name]))
}

async function measure(engine: LiveEngine, name: DraftName): Promise<Measured> {
  const question = { draft: [{ definition: drafts[name] }] as const, from: now - days * 24 * hourMs, now }
  let result: DryRunResult | undefined
  let seconds = 0
  const turnMs = await longestTurn(async () => {
    const startedAt = performance.now()
    result = await inSlices(new DryRun(engine, question).run())
    seconds = (performance.now() - startedAt) / 1_000
  })
  if (result === undefined) throw new Error('the dry run has no result')
  const { visits, unjudged, open } = result.total
  const all = orders * visitsPerOrder
  if (visits + unjudged + open !== all) throw new Error(`${visits + unjudged + open} visits of ${all} were looked at`)
  return { seconds, turnMs, result }
}

function figureOf(name: DraftName, measured: readonly Measured[]): Figure {
  const seconds = measured.map((one) => one.seconds)
  const turns = measured.map(({ turnMs }) => turnMs)
  const { visits, unjudged, open, statusChanges, live, draft } = measured[0]?.result.total ?? {}
  const counts = [visits, unjudged, open, statusChanges, live?.breaches, draft?.breaches].map((count = 0) =>
    count.toLocaleString('en'),
  )
  return {
    id: 'B19',
    what: `${title}: ${name}`,
    value: median(seconds),
    target: limitS,
    better: 'lower',
    unit: 's',
    product: { name, value: median(seconds), unit: 's' },
    peer: { name: 'limit', value: limitS, unit: 's' },
    runs: seconds.map((product) => ({ product, peer: limitS })),
    notes: [
      `${counts[0]} visits judged, ${counts[1]} not, ${counts[2]} open orders of which ${counts[3]} change their status; breaches ${counts[4]} → ${counts[5]}`,
      `longest turn of the event loop: ${turns.map((ms) => ms.toFixed(1)).join(', ')} ms of processor time`,
    ],
  }
}
