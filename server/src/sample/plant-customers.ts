import type { NonEmpty } from './random-source.ts'

export type Tier = 'A' | 'B' | 'C'

/** How far a truck goes, and where drivers change on the way. */
export interface Region {
  /** Time on the road relative to the average. */
  readonly distance: number
  readonly relays: NonEmpty<string>
}

export interface Customer {
  readonly name: string
  readonly tier: Tier
  readonly region: Region
  /** Relative share of the orders. */
  readonly weight: number
}

const regions = {
  east: { distance: 0.64, relays: ['常州分拨', '杭州分拨', '合肥分拨'] },
  north: { distance: 1.03, relays: ['徐州中转', '济南中转', '天津分拨'] },
  central: { distance: 0.91, relays: ['南昌中转', '武汉分拨', '长沙分拨'] },
  south: { distance: 1.09, relays: ['金华中转', '赣州中转', '东莞分拨'] },
  west: { distance: 1.27, relays: ['武汉中转', '重庆分拨', '西安分拨'] },
} as const satisfies Record<string, Region>

const ordersPerTier = { A: 6, B: 3, C: 1 } as const

/** Invented names; any resemblance to a real company is coincidental. */
export const customers: NonEmpty<Customer> = [
  ...named('A', regions.east, '华辰机电', '苏州恒远', '博泰医疗', '海纳科技'),
  ...named('A', regions.south, '永信电器', '中粤贸易'),
  ...named('A', regions.north, '新泰机械', '天衡仪器'),
  ...named('B', regions.east, '绿源科技', '万象家居', '江澜泵业', '嘉禾自控', '锐途精工', '明珠电机'),
  ...named('B', regions.north, '燕岭重工', '鲁岳装备', '津海传动'),
  ...named('B', regions.central, '楚云机械', '湘麓设备', '洪都精密'),
  ...named('B', regions.south, '粤岭电气', '闽航机电'),
  ...named('B', regions.west, '巴山动力'),
  ...named('C', regions.east, '浦清环保', '双桥农机', '松涛纺机', '云帆印机', '安顺阀业'),
  ...named('C', regions.north, '冀原水务', '晋峰矿机', '辽岸船配', '长白木业'),
  ...named('C', regions.central, '豫中粮机', '赣江陶机', '汉水化机'),
  ...named('C', regions.south, '桂林雨泵', '琼海冷链', '岭南包装'),
  ...named('C', regions.west, '秦岭仪表', '蜀道物流'),
]

function named(tier: Tier, region: Region, first: string, ...others: string[]): NonEmpty<Customer> {
  const customer = (name: string): Customer => ({ name, tier, region, weight: ordersPerTier[tier] })
  return [customer(first), ...others.map(customer)]
}
