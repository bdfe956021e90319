import type { CutOff } from './cut-off.ts'
import type { OrderAttributes } from './order-attributes.ts'

/** Allowed values of a fact; `A*` matches every value that begins with `A`. */
export type TextChoice = readonly string[]

/** `from` is inclusive, `below` exclusive. */
export interface NumberRange {
  readonly from?: number
  readonly below?: number
}

/** Condition on an order; a fact that is not named may have any value, or none. */
export interface TargetCondition {
  readonly customer?: TextChoice
  readonly customerClass?: TextChoice
  readonly product?: TextChoice
  readonly priority?: TextChoice
  /** Department of the visit, else of the order. */
  readonly department?: TextChoice
  readonly currency?: TextChoice
  readonly amount?: NumberRange
  readonly quantity?: NumberRange
}

/** Different limits of a stage for some orders; limits that the rule does not define are those of the stage. */
export interface TargetRule {
  readonly when: TargetCondition
  /** Ms on the target's clock. */
  readonly targetMs?: number
  /** Share of the target, 0..1. */
  readonly warnAtRatio?: number
  /** Working ms. */
  readonly stallAfterMs?: number
  /** See `StageDefinition.promiseLeadMs`. */
  readonly promiseLeadMs?: number
  /** See `StageDefinition.cutOff`. */
  readonly cutOff?: CutOff
}

const textFields = ['customer', 'customerClass', 'product', 'priority', 'department', 'currency'] as const
const numberFields = ['amount', 'quantity'] as const

/** The facts that a condition can refer to. */
export const conditionFields = [...textFields, ...numberFields] as const

/**
 * Whether an order meets the condition. The fields are checked one by one, because iterating over their names takes
 * three times as long, and this runs for millions of visits.
 * @param ofVisit The department of the visit. Undefined: none was named.
 */
export function isMet(
  { customer, customerClass, product, priority, department, currency, amount, quantity }: TargetCondition,
  attributes: OrderAttributes,
  ofVisit = attributes.department,
): boolean {
  return (
    isOneOf(customer, attributes.customer) &&
    isOneOf(customerClass, attributes.customerClass) &&
    isOneOf(product, attributes.product) &&
    isOneOf(priority, attributes.priority) &&
    isOneOf(department, ofVisit) &&
    isOneOf(currency, attributes.currency) &&
    isWithin(amount, attributes.amount) &&
    isWithin(quantity, attributes.quantity)
  )
}

/** Without a choice, every value matches. */
function isOneOf(choice: TextChoice | undefined, text: string | undefined): boolean {
  if (choice === undefined) return true
  if (text === undefined) return false
  return choice.some((value) => (value.endsWith('*') ? text.startsWith(value.slice(0, -1)) : text === value))
}

function isWithin(range: NumberRange | undefined, value: number | undefined): boolean {
  if (range === undefined) return true
  const { from = -Infinity, below = Infinity } = range
  return value !== undefined && value >= from && value < below
}
