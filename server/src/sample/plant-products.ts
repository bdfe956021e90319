import type { NonEmpty } from './random-source.ts'

/** One of the plant's three product lines, with its specific data. */
export interface ProductLine {
  readonly name: string
  /** The sales department that takes its orders. */
  readonly department: string
  /** Work content in production relative to the average. */
  readonly effort: number
  /** Days from placing to the promised date. */
  readonly quotedDays: number
  /** Machines that can fail. */
  readonly machines: NonEmpty<string>
}

export interface Product {
  readonly line: ProductLine
  readonly name: string
  /** The purchased part that is missing when material is short. */
  readonly part: string
  readonly unitPrice: number
  readonly defaultQuantity: number
  readonly weight: number
}

const bearings: ProductLine = {
  name: '轴承',
  department: '销售一部',
  effort: 0.9,
  quotedDays: 8,
  machines: ['CNC-03', 'CNC-07', '磨床 M2'],
}

const drives: ProductLine = {
  name: '传动',
  department: '销售二部',
  effort: 1.05,
  quotedDays: 9,
  machines: ['CNC-11', '滚齿机 G1', '热处理炉 2'],
}

const pumps: ProductLine = {
  name: '泵阀',
  department: '销售三部',
  effort: 1.1,
  quotedDays: 9,
  machines: ['CNC-15', '试压台 P3', '铸造线 1'],
}

export const products: NonEmpty<Product> = [
  { line: bearings, name: '深沟球轴承 6204', part: '轴承钢圈 6204', unitPrice: 18, defaultQuantity: 2000, weight: 4 },
  { line: bearings, name: '圆锥滚子轴承 30206', part: '滚子 30206', unitPrice: 42, defaultQuantity: 800, weight: 3 },
  { line: bearings, name: '调心滚子轴承 22210', part: '保持架 22210', unitPrice: 165, defaultQuantity: 200, weight: 2 },
  { line: bearings, name: '推力球轴承 51108', part: '钢球 G10', unitPrice: 36, defaultQuantity: 600, weight: 2 },
  { line: drives, name: '行星减速机 R-40', part: '轴承 6204', unitPrice: 2400, defaultQuantity: 30, weight: 3 },
  { line: drives, name: '弹性联轴器 GL8', part: '弹性块 GL8', unitPrice: 320, defaultQuantity: 150, weight: 3 },
  { line: drives, name: '同步带轮 5M-40', part: '铝棒 6061', unitPrice: 95, defaultQuantity: 400, weight: 2 },
  { line: drives, name: '圆柱齿轮箱 Z-350', part: '齿轮坯 Z-350', unitPrice: 8600, defaultQuantity: 8, weight: 1 },
  { line: pumps, name: '离心泵 S-80', part: '机械密封 S-80', unitPrice: 3100, defaultQuantity: 20, weight: 3 },
  { line: pumps, name: '齿轮泵 C-200', part: '轴承 6306', unitPrice: 1850, defaultQuantity: 40, weight: 2 },
  { line: pumps, name: '不锈钢球阀 DN50', part: '阀座 DN50', unitPrice: 210, defaultQuantity: 260, weight: 3 },
  { line: pumps, name: '对夹蝶阀 DN100', part: '阀板 DN100', unitPrice: 280, defaultQuantity: 180, weight: 2 },
]
