import { AlertDeadlines } from '@stagewatch/server/alerts/alert-deadlines.ts'
import type { StoredAlertRule } from '@stagewatch/server/alerts/alert-rules-table.ts'
import { StageRules } from '@stagewatch/server/alerts/stage-rules.ts'
import type { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { inSlices } from '@stagewatch/server/platform/in-slices.ts'
import type { OrderCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { alternate } from '../alternate.ts'
import { filledEngine, now, visitsPerOrder } from '../dry-run/filled-engine.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { seededRandom } from '../seeded-random.ts'

const orders = Number(process.env['BENCH_ALERT_ORDERS'] ?? 1_000_000)
const ruleCount = 200
/** In two hours: each order changes 2.4 times a day. */
const changesOfRun = orders / 5
const stepsOfRun = 24
const limitRatio = 1.2
const [minuteMs, hourMs] = [60_000, 3_600_000]
const stepMs = 5 * minuteMs
const title = `processor time of the engine with ${ruleCount} alert rules, beside ${orders.toLocaleString('en')} open orders`

export const alerts: Row = { id: 'B21', title, run }

/**
 * Every kind of rule about orders, each with a different threshold: ten about all orders, the others about those of one
 * customer.
 */
function manyRules(): StoredAlertRule[] {
  const kinds: readonly [(n: number) => OrderCondition, ...((n: number) => OrderCondition)[]] = [
    (n) => ({ kind: 'target', ratio: 0.3 + n / 20 }),
    (n) => ({ kind: 'pastTarget', afterMs: (n + 1) * hourMs }),
    (n) => ({ kind: 'stalled', clock: 'working', afterMs: (n + 1) * hourMs }),
    (n) => ({ kind: 'held', afterMs: (n + 1) * hourMs }),
    (n) => ({ kind: 'unclaimed', since: 'entered', afterMs: (n + 1) * 30 * minuteMs }),
  ]
  return Array.from({ length: ruleCount }, (_, i) => ({
    id: `rule-${i}`,
    name: `Rule ${i}`,
    severity: 'warning',
    enabled: true,
    makesTask: false,
    condition: (kinds[i % kinds.length] ?? kinds[0])(1 + (Math.floor(i / kinds.length) % 20)),
    scope: i < 10 ? {} : { when: { customer: [`C-${i}`] } },
    ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
    acknowledgedForMs: hourMs,
    mergeMs: 0,
    createdAt: now,
    activeFrom: now,
  }))
}

async function run(progress: Progress): Promise<Outcome[]> {
  progress('counting the orders in')
  const engine = filledEngine(orders, { openEvery: 1 })
  const deadlines = new AlertDeadlines(engine)
  const random = seededRandom(21)
  const clock = { at: now }
  const ruled = new StageRules(manyRules())
  const measure = async (rules: StageRules) => {
    await inSlices(deadlines.setRules(rules))
    // Conditions that hold already are evaluated once, when the rules are set.
    while ((await inSlices(deadlines.find(clock.at, 10_000))).length > 0);
    return spend(engine, deadlines, random, clock)
  }
  const measured = await alternate(
    { 'with rules': () => measure(ruled), without: () => measure(new StageRules([])) },
    progress,
  )
  const ratios = measured['with rules'].map(({ cpuMs }, i) => cpuMs / (measured.without[i]?.cpuMs ?? Number.NaN))
  const looked = measured['with rules'].map((one) => one.looked)
  return [
    {
      id: 'B21',
      what: title,
      value: median(ratios),
      target: limitRatio,
      better: 'lower',
      unit: 'times',
      product: { name: 'with rules', value: median(measured['with rules'].map(({ cpuMs }) => cpuMs)), unit: 'ms' },
      peer: { name: 'without', value: median(measured.without.map(({ cpuMs }) => cpuMs)), unit: 'ms' },
      runs: measured['with rules'].map(({ cpuMs }, i) => ({ product: cpuMs, peer: measured.without[i]?.cpuMs ?? 0 })),
      notes: [
        `${changesOfRun.toLocaleString('en')} changes of orders while ${(stepsOfRun * stepMs) / hourMs} hours pass; ${looked.join(', ')} looks at orders of which a rule holds`,
      ],
    },
  ]
}

/** Changes orders and advances the time. */
async function spend(
  engine: LiveEngine,
  deadlines: AlertDeadlines,
  random: () => number,
  clock: { at: number },
): Promise<{ cpuMs: number; looked: number }> {
  const before = process.cpuUsage()
  let looked = 0
  for (let step = 0; step < stepsOfRun; step++) {
    clock.at += stepMs
    engine.advance(clock.at)
    for (let i = 0; i < changesOfRun / stepsOfRun; i++) {
      const known = engine.order(`SO-${Math.floor(random() * orders)}`)
      if (known?.state === undefined) throw new Error('an order is not open')
      const state = { ...known.state, lastProgressAt: clock.at, lastEventAt: clock.at }
      engine.apply(state.order, 'default', state, known.eventCount + 1, clock.at)
    }
    for (let found = 1; found > 0; looked += found) found = (await inSlices(deadlines.find(clock.at, 500))).length
  }
  const { user, system } = process.cpuUsage(before)
  if (engine.orders.size !== orders)
    throw new Error(`${engine.orders.size} orders of ${orders * visitsPerOrder} visits`)
  return { cpuMs: (user + system) / 1_000, looked }
}
