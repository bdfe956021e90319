import type { StageCode } from './plant-definition.ts'
import { hourMs } from './plant-time.ts'
import type { NonEmpty, RandomSource } from './random-source.ts'

/** A trouble in a stage that lasts some hours and makes the stage the bottleneck. */
export interface TroubleKind {
  readonly stage: StageCode
  readonly reason: string
  /** Share of the stage's slots that remains usable. */
  readonly capacityRatio: number
  /** Share of the orders in work that are interrupted. */
  readonly stoppedRatio: number
  /** How much longer an interrupted order takes beyond the end of the trouble. */
  readonly extraHours: number
  readonly weight: number
}

export interface Trouble {
  readonly kind: TroubleKind
  readonly startAt: number
  readonly endAt: number
}

const troubleKinds: NonEmpty<TroubleKind> = [
  { stage: 'qc', reason: '等复检设备', capacityRatio: 0.15, stoppedRatio: 0.1, extraHours: 0, weight: 2 },
  { stage: 'qc', reason: '三坐标故障', capacityRatio: 0.25, stoppedRatio: 0.15, extraHours: 1, weight: 2 },
  { stage: 'review', reason: '信用系统停机', capacityRatio: 0.15, stoppedRatio: 0.1, extraHours: 0, weight: 3 },
  { stage: 'schedule', reason: '产能排满', capacityRatio: 0.1, stoppedRatio: 0.1, extraHours: 0, weight: 3 },
  { stage: 'stock-in', reason: '叉车检修', capacityRatio: 0.25, stoppedRatio: 0.1, extraHours: 0, weight: 3 },
  { stage: 'ship', reason: '装车位排队', capacityRatio: 0.15, stoppedRatio: 0.15, extraHours: 3, weight: 4 },
  { stage: 'sign-off', reason: '收货方盘点', capacityRatio: 0.3, stoppedRatio: 0.2, extraHours: 2, weight: 2 },
  { stage: 'purchase', reason: '供应商停产', capacityRatio: 0.5, stoppedRatio: 0.1, extraHours: 10, weight: 1.5 },
  { stage: 'produce', reason: '设备故障 CNC-07', capacityRatio: 0.6, stoppedRatio: 0.08, extraHours: 8, weight: 1.5 },
  { stage: 'transit', reason: '高速封路', capacityRatio: 1, stoppedRatio: 0.1, extraHours: 6, weight: 1 },
]

/** Stages with a recent trouble are skipped until their queues have shrunk. */
const recoveringCount = 3

/** The endless sequence of troubles, by start time: they move from stage to stage, and sometimes two overlap. */
export function* troubles(startAt: number, random: RandomSource): Generator<Trouble, never> {
  let at = startAt
  let recent: readonly StageCode[] = []
  for (;;) {
    const kind = random.pickWeighted(troubleKinds)
    if (recent.includes(kind.stage)) continue
    recent = [kind.stage, ...recent].slice(0, recoveringCount)
    yield { kind, startAt: at, endAt: at + random.between(3, 10) * hourMs }
    at += random.between(2.5, 7) * hourMs
  }
}
