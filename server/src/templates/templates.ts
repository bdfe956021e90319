import { chemicalsTrade } from './industries/chemicals-trade.ts'
import { consumerGoods } from './industries/consumer-goods.ts'
import { crossBorder } from './industries/cross-border.ts'
import { equipment } from './industries/equipment.ts'
import { machining } from './industries/machining.ts'
import type { ProcessTemplate } from './process-template.ts'

/** One file per industry; a new one needs a file and a line here. */
export const processTemplates: readonly ProcessTemplate[] = [
  machining,
  crossBorder,
  chemicalsTrade,
  consumerGoods,
  equipment,
]
