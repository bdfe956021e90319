/** Inputs to the choice of the bottleneck. */
export interface BottleneckStage {
  readonly stage: string
  readonly wipCount: number
  readonly overdueCount: number
  readonly toleranceRatio: number
  /** Orders that entered the stage within the last 24 hours. */
  readonly recentArrivals: number
  /** Net growth of the stage within the last 24 hours, orders; negative: shrunk. */
  readonly recentNet: number
}

/** State kept between evaluations so that the frame does not flap. */
export interface BottleneckMemory {
  readonly holder?: string
  /** The stage that leads the holder by enough, and since when. */
  readonly challenger?: { readonly stage: string; readonly since: number }
}

const minOverdue = 3
const leadRatio = 1.2
const leadForMs = 10 * 60_000
/** Bounds of the influence that the growth of a stage has on its strength. */
const growthRange = { min: -0.5, max: 1 }
/** A tolerance of 0 would make every strength infinite, and all of them equal. */
const minToleranceRatio = 0.01

/**
 * The stage that is framed, at most one. A candidate has a breach ratio at or above its tolerance and at least 3
 * overdue orders; the strongest has the highest overdue × (breach ratio ÷ tolerance) × (1 + growth), growth being net ÷
 * arrivals of the last 24 hours, bounded to −0.5..+1. To take the frame from another candidate, a stage must lead by 20
 * % for 10 minutes. Without candidates there is no frame.
 */
export function chooseBottleneck(
  stages: readonly BottleneckStage[],
  memory: BottleneckMemory,
  now: number,
): BottleneckMemory {
  const strengths = new Map(stages.filter(isCandidate).map((stage) => [stage.stage, bottleneckStrength(stage)]))
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

function isCandidate({ overdueCount, wipCount, toleranceRatio }: BottleneckStage): boolean {
  // Rounded, because 0.1 * 30 is 3.0000000000000004 in binary.
  const tolerated = Math.round(toleranceRatio * wipCount * 1e9) / 1e9
  return overdueCount >= minOverdue && overdueCount >= tolerated
}

/** Strength of a stage as a bottleneck, without a unit; 0: it has no overdue orders. */
export function bottleneckStrength(stage: BottleneckStage): number {
  const { overdueCount, wipCount, toleranceRatio, recentArrivals, recentNet } = stage
  if (overdueCount === 0) return 0
  const breachRatio = overdueCount / wipCount
  const growth = recentArrivals > 0 ? recentNet / recentArrivals : Math.sign(recentNet)
  const heldGrowth = Math.min(growthRange.max, Math.max(growthRange.min, growth))
  return overdueCount * (breachRatio / Math.max(minToleranceRatio, toleranceRatio)) * (1 + heldGrowth)
}
