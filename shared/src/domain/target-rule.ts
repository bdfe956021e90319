import type { CutOff } from './cut-off.ts'
import type { OrderAttributes } from './order-attributes.ts'

/** Values of which a fact must be one; `A*` stands for every value that begins with `A`. */
export type TextChoice = readonly string[]

/** `from` included, `below` not. */
export interface NumberRange {
  readonly from?: number
  readonly below?: number
}

/** What an order must be like; a fact that is not named may be anything, also unknown. */
export interface TargetCondition {
  readonly customer?: TextChoice
  readonly customerClass?: TextChoice
  readonly product?: TextChoice
  readonly priority?: TextChoice
  /** Of the visit, else of the order. */
  readonly department?: TextChoice
  readonly currency?: TextChoice
  readonly amount?: NumberRange
  readonly quantity?: NumberRange
}

/** Other limits of a stage for some orders; what the rule does not name stays as the stage has it. */
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

/** Whether an order is what the condition asks for. @param department of the visit, undefined: none was named. */
export function isMet(
  condition: TargetCondition,
  attributes: OrderAttributes,
  department = attributes.department,
): boolean {
  const known = { ...attributes, department }
  return (
    textFields.every((field) => condition[field] === undefined || isOneOf(condition[field], known[field])) &&
    numberFields.every((field) => condition[field] === undefined || isWithin(condition[field], known[field]))
  )
}

function isOneOf(choice: TextChoice, text: string | undefined): boolean {
  if (text === undefined) return false
  return choice.some((value) => (value.endsWith('*') ? text.startsWith(value.slice(0, -1)) : text === value))
}

function isWithin({ from = -Infinity, below = Infinity }: NumberRange, value: number | undefined): boolean {
  return value !== undefined && value >= from && value < below
}
