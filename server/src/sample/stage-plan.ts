import type { SourceCode, StageCode } from './plant-definition.ts'
import type { Shift } from './plant-time.ts'
import { departments } from './plant-staff.ts'
import type { Department } from './plant-staff.ts'

/** How the plant works in a stage. */
export interface StagePlan {
  /** The system that reports the stage. */
  readonly source: SourceCode
  readonly department: Department
  /** Number of orders that can be in work at the same time, by shift. */
  readonly slots: Readonly<Record<Shift, number>>
  /** Time from start to end of the work: median in hours, and the sigma of its log-normal distribution. */
  readonly workHours: number
  readonly workSigma: number
  /** Interval at which the owner of the order reports a step, in hours; undefined if only the start is reported. */
  readonly stepHours?: number
  /** Names of the steps. */
  readonly steps?: readonly [string, ...string[]]
}

const weekendRatio = 0.9

export function slotsAt(plan: StagePlan, shift: Shift, weekend: boolean): number {
  return Math.round(plan.slots[shift] * (weekend ? weekendRatio : 1))
}

export const stagePlans: Readonly<Record<StageCode, StagePlan>> = {
  order: {
    source: 'erp',
    department: departments.sales,
    slots: { day: 16, evening: 9, night: 6 },
    workHours: 1.9,
    workSigma: 0.3,
  },
  review: {
    source: 'erp',
    department: departments.finance,
    slots: { day: 26, evening: 18, night: 11 },
    workHours: 3.5,
    workSigma: 0.3,
  },
  purchase: {
    source: 'erp',
    department: departments.purchasing,
    slots: { day: 150, evening: 140, night: 130 },
    workHours: 25,
    workSigma: 0.42,
    stepHours: 13,
    steps: ['供应商已确认', '催交', '供应商已发货'],
  },
  schedule: {
    source: 'erp',
    department: departments.planning,
    slots: { day: 31, evening: 28, night: 25 },
    workHours: 5.8,
    workSigma: 0.3,
  },
  produce: {
    source: 'mes',
    department: departments.production,
    slots: { day: 190, evening: 185, night: 180 },
    workHours: 43,
    workSigma: 0.26,
    stepHours: 13,
    steps: ['粗加工', '热处理', '精加工', '装配'],
  },
  qc: {
    source: 'mes',
    department: departments.quality,
    slots: { day: 21, evening: 19, night: 17 },
    workHours: 3.8,
    workSigma: 0.28,
  },
  'stock-in': {
    source: 'wms',
    department: departments.warehouse,
    slots: { day: 16, evening: 14, night: 13 },
    workHours: 2.9,
    workSigma: 0.3,
  },
  ship: {
    source: 'wms',
    department: departments.logistics,
    slots: { day: 64, evening: 60, night: 54 },
    workHours: 12.5,
    workSigma: 0.3,
    stepHours: 10,
    steps: ['拣货', '打包', '装车'],
  },
  transit: {
    source: 'carrier',
    department: departments.carriers,
    slots: { day: 400, evening: 400, night: 400 },
    workHours: 33,
    workSigma: 0.22,
    stepHours: 13,
  },
  'sign-off': {
    source: 'portal',
    department: departments.service,
    slots: { day: 40, evening: 34, night: 26 },
    workHours: 7.4,
    workSigma: 0.3,
  },
}
