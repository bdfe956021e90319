/** What the choice of the bottleneck looks at. */
export interface BottleneckStage {
  readonly stage: string
  readonly wipCount: number
  readonly overdueCount: number
  readonly toleranceRatio: number
  readonly arrivalsToday: number
  readonly departuresToday: number
}

/** What must be remembered from one look to the next so that the frame does not flap. */
export interface BottleneckMemory {
  readonly holder?: string
  /** Who leads the holder by enough, and since when. */
  readonly challenger?: { readonly stage: string; readonly since: number }
}

const leastOverdue = 3
const leadRatio = 1.2
const leadForMs = 10 * 60_000

/**
 * The stage that is framed, at most one. A candidate has a breach share at or above its tolerance, at least 3 overdue
 * orders, and grows today; the strongest has most overdue × (1 + net / arrivals). To take the frame from another
 * candidate it must lead by 20 % for 10 minutes. Without candidates there is no frame.
 */
export function chooseBottleneck(
  stages: readonly BottleneckStage[],
  memory: BottleneckMemory,
  now: number,
): BottleneckMemory {
  const strengths = new Map(stages.filter(isCandidate).map((stage) => [stage.stage, strength(stage)]))
  let best: { stage: string; strength: number } | undefined
  for (const [stage, value] of strengths)
    if (best === undefined || value > best.strength) best = { stage, strength: value }
  if (best === undefined) return {}
  const { holder } = memory
  const held = holder === undefined ? undefined : strengths.get(holder)
  if (holder === undefined || held === undefined) return { holder: best.stage }
  if (best.stage === holder || best.strength < leadRatio * held) return { holder }
  const since = memory.challenger?.stage === best.stage ? memory.challenger.since : now
  if (now - since >= leadForMs) return { holder: best.stage }
  return { holder, challenger: { stage: best.stage, since } }
}

function isCandidate(stage: BottleneckStage): boolean {
  return (
    stage.overdueCount >= leastOverdue &&
    stage.overdueCount >= stage.toleranceRatio * stage.wipCount &&
    stage.arrivalsToday > stage.departuresToday
  )
}

function strength(stage: BottleneckStage): number {
  return stage.overdueCount * (1 + (stage.arrivalsToday - stage.departuresToday) / stage.arrivalsToday)
}
