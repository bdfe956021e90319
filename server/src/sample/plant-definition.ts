import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { sampleSite } from '../platform/site.ts'
import type { Site } from '../platform/site.ts'
import { dayMs, hourMs, minuteMs } from './plant-time.ts'

export const plantSite: Site = {
  code: sampleSite,
  name: { zh: '华东一厂', en: 'East Plant 1' },
  timeZone: 'Asia/Shanghai',
  sample: true,
}

/** Two shifts without progress. */
const stallAfterMs = 16 * hourMs

/** In the order in which orders pass through them. */
export const plantStages = {
  order: stage('order', '下单', 'Order', 4),
  review: stage('review', '审核', 'Review', 8),
  purchase: stage('purchase', '采购', 'Purchase', 48),
  schedule: stage('schedule', '排产', 'Schedule', 12),
  produce: stage('produce', '生产', 'Produce', 72),
  qc: stage('qc', '质检', 'QC', 8),
  'stock-in': stage('stock-in', '入库', 'Stock-in', 6),
  ship: stage('ship', '发货', 'Ship', 24),
  transit: stage('transit', '运输', 'Transit', 48),
  'sign-off': stage('sign-off', '签收', 'Sign-off', 16),
}

export type StageCode = keyof typeof plantStages

const stagesInOrder = Object.values(plantStages)

/** The regular next stage of an order; undefined after the last one. */
export function stageAfter(code: StageCode): StageCode | undefined {
  return stagesInOrder[stagesInOrder.indexOf(plantStages[code]) + 1]?.code
}

export const plantProcess: ProcessDefinition = {
  code: 'make-to-order',
  name: { zh: '按单生产', en: 'Make to order' },
  stages: stagesInOrder,
  acceptsNewStages: false,
  goals: { overdueCeiling: 25, soonCeiling: 10, onTimeRatio: 0.95, leadTimeMs: 5.5 * dayMs },
}

/** The systems that report what happens in the plant. */
export type SourceCode = 'erp' | 'mes' | 'wms' | 'carrier' | 'portal'

export interface PlantSource {
  readonly source: SourceCode
  readonly name: LocalText
  /** Expected reporting interval; undefined for manual entry at irregular times. */
  readonly intervalMs?: number
}

export const plantSources: readonly PlantSource[] = [
  { source: 'erp', name: { zh: 'ERP', en: 'ERP' } },
  { source: 'mes', name: { zh: '车间 MES', en: 'Shop floor MES' }, intervalMs: 10 * minuteMs },
  { source: 'wms', name: { zh: '仓储 WMS', en: 'Warehouse WMS' }, intervalMs: 20 * minuteMs },
  { source: 'carrier', name: { zh: '承运商数据', en: 'Carrier feed' }, intervalMs: 6 * minuteMs },
  { source: 'portal', name: { zh: '客户签收', en: 'Customer sign-off' } },
]

function stage<Code extends string>(code: Code, zh: string, en: string, targetHours: number) {
  const name = { zh, en }
  return { code, name, targetMs: targetHours * hourMs, warnAtRatio: 0.75, stallAfterMs, toleranceRatio: 0.1 }
}
