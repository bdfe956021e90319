import { z } from 'zod'
import { failing } from './field-issue.ts'

const choice = z.array(z.string().max(200)).min(1).max(500).readonly().exactOptional()
const range = z
  .object({ from: z.number().exactOptional(), below: z.number().exactOptional() })
  .refine(({ from = -Infinity, below = Infinity }) => from < below, failing('empty_range', 'contains no number'))
  .exactOptional()

/** Criteria that an order has to meet, see `TargetCondition`. */
export const targetCondition = z.strictObject({
  customer: choice,
  customerClass: choice,
  product: choice,
  priority: choice,
  department: choice,
  currency: choice,
  amount: range,
  quantity: range,
})
