import type { StageFocus } from '@stagewatch/shared/contract/board.ts'
import { maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { ageingBins } from '@stagewatch/shared/domain/ageing-bins.ts'
import { bottleneckStrength } from '@stagewatch/shared/domain/bottleneck.ts'
import { bottleneckStages } from './bottleneck-stages.ts'
import type { BoardSource } from './board-source.ts'
import { rankedOrder, rowState, urgentList } from './list-orders.ts'
import type { RankedOrder, RankedStage } from './list-orders.ts'

const overdueRows = 16
const upcomingRows = 8
const maxReasons = 4
/** Number of candidates for the next focus scene: by strength as a bottleneck, and by breach share. */
const strongestStages = 3
const palestStages = 2
/** Every open order of a stage is evaluated each time; beyond this number, those on track are only counted. */
const maxPlottedOrders = 2_000

/**
 * The stages that a screen may show in detail, with their orders, which a list of the whole site may not contain. These
 * are the worst stages and the stage of the newest breach.
 */
export function focusStages(
  source: BoardSource,
  ranked: readonly RankedStage[],
  { newestStage, privacy }: { readonly newestStage: string | undefined; readonly privacy: Privacy },
  now: number,
): Record<string, StageFocus> {
  const codes = new Set([...worstStages(source, now), ...(newestStage === undefined ? [] : [newestStage])])
  return Object.fromEntries(
    ranked
      .filter(({ stage }) => codes.has(stage.definition.code))
      .map((stage) => [stage.stage.definition.code, focusOf(source, stage, privacy, now)]),
  )
}

function worstStages(source: BoardSource, now: number): string[] {
  const candidates = bottleneckStages(source, now).filter(({ overdueCount }) => overdueCount > 0)
  const by = (value: (stage: (typeof candidates)[number]) => number, count: number) =>
    candidates.toSorted((a, b) => value(b) - value(a)).slice(0, count)
  const worst = [
    ...by(bottleneckStrength, strongestStages),
    ...by(({ overdueCount, wipCount }) => overdueCount / wipCount, palestStages),
  ]
  return worst.map(({ stage }) => stage)
}

function focusOf(
  source: BoardSource,
  { stage, overdue, atRisk }: RankedStage,
  privacy: Privacy,
  now: number,
): StageFocus {
  const { limited } = stage.counts
  const isPlotted = limited <= maxPlottedOrders
  const plotted = isPlotted ? limitedOrders(source, stage, now) : [...overdue, ...atRisk]
  const aged = plotted.map(({ open, overMs }) => ({ overMs, state: rowState(source, open) }))
  return {
    overdue: urgentList(source, overdue, overdueRows, now),
    upcoming: urgentList(source, atRisk, upcomingRows, now),
    reasons: reasonCounts(overdue, privacy),
    ageing: { ...ageingBins(aged), ...(!isPlotted && { leftOut: limited - aged.length }) },
  }
}

function limitedOrders({ engine }: BoardSource, stage: RankedStage['stage'], now: number): RankedOrder[] {
  return engine.open
    .in(stage)
    .filter(({ sla }) => sla.targetMs !== undefined)
    .map((open) => rankedOrder(open, now))
}

/**
 * Reasons why orders wait, most frequent first; orders without a reason always have a line of their own. Names are
 * masked for each order, because a line no longer shows whose reason it counts.
 */
function reasonCounts(orders: readonly RankedOrder[], privacy: Privacy): StageFocus['reasons'] {
  const counts = new Map<string | undefined, number>()
  for (const { open } of orders) {
    const { reason, owner } = open.visit
    const names = { customers: [open.state.attributes.customer], people: [owner] }
    const shown = reason === undefined ? undefined : maskedText(reason, names, privacy)
    counts.set(shown, (counts.get(shown) ?? 0) + 1)
  }
  const missing = counts.get(undefined)
  counts.delete(undefined)
  const given = [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count || ((a.reason ?? '') < (b.reason ?? '') ? -1 : 1))
    .slice(0, missing === undefined ? maxReasons : maxReasons - 1)
  return missing === undefined ? given : [...given, { count: missing }]
}
