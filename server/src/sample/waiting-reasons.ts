import type { StageCode } from './plant-definition.ts'
import type { PlantOrder } from './plant-order.ts'
import type { NonEmpty, RandomSource } from './random-source.ts'

const defaultReasons: Readonly<Record<StageCode, NonEmpty<string>>> = {
  order: ['补录图号', '核对客户代码'],
  review: ['核信用额度', '合同条款复核', '待客户确认'],
  purchase: ['供应商改期', '等来料检验', '最小起订量协商'],
  schedule: ['等工艺卡', '等模具到位', '产能排满'],
  produce: ['换型调机', '等外协件', '工装返修'],
  qc: ['排首检', '等三坐标', '等复检设备'],
  'stock-in': ['清出 B3 库位', '标签重打', '叉车占用'],
  ship: ['装车位排队', '待叫车', '拼车待齐'],
  transit: ['中转积压', '改走国道', '司机换班'],
  'sign-off': ['收货人不在', '等客户验货', '回单未传'],
}

/** Why an order takes long in a stage without a trouble in the stage itself. */
export function waitingReason(order: PlantOrder, stage: StageCode, random: RandomSource): string {
  if (stage === 'qc' && order.reworked) return '返工复检'
  if (stage === 'purchase' && random.chance(0.5)) return `缺料 · ${order.product.part}`
  if (stage === 'produce' && random.chance(0.3)) return `设备故障 ${random.pick(order.product.line.machines)}`
  return random.pick(defaultReasons[stage])
}

/** Stages in which an order may be put on hold on arrival, with probability and reasons. */
export const holdReasons: Readonly<Partial<Record<StageCode, { ratio: number; reasons: NonEmpty<string> }>>> = {
  review: { ratio: 0.03, reasons: ['客户信用冻结', '等预付款'] },
  purchase: { ratio: 0.02, reasons: ['待客户确认图纸', '材质变更待确认'] },
  produce: { ratio: 0.015, reasons: ['客户改图', '等客户样件'] },
  ship: { ratio: 0.03, reasons: ['客户要求缓发', '等尾款'] },
}

export const cancelReasons: NonEmpty<string> = ['客户项目取消', '重复下单', '交期谈不拢']
export const complaints: NonEmpty<string> = ['交期一再推迟', '催货无回复', '已影响客户产线']
