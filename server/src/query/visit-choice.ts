import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { Dictionary } from '../engine/dictionary.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'

/** The stages of the selected processes, in process order. */
export function chosenStages(engine: LiveEngine, { process: codes }: Choice): StageAggregates[] {
  return [...engine.processes()]
    .filter(({ definition }) => codes?.includes(definition.code) ?? true)
    .flatMap((process) => process.stages)
}

/** The filter for scans of finished visits. */
export function visitFilter(engine: LiveEngine, choice: Choice): VisitFilter {
  const { from, to, process, department, customer, customerClass, product } = choice
  return {
    ...(from !== undefined && { fromMs: from }),
    ...(to !== undefined && { toMs: to }),
    ...(process && { stages: new Set(chosenStages(engine, choice).map((stage) => stage.index)) }),
    ...(department && { departments: ids(engine.ended.departments, department) }),
    ...(customer && { customers: ids(engine.ended.customers, customer) }),
    ...(customerClass && { customerClasses: ids(engine.ended.customerClasses, customerClass) }),
    ...(product && { products: ids(engine.ended.products, product) }),
  }
}

/** Whether the query selects less than whole stages. */
export function isNarrowed({ department, customer, customerClass, product }: Choice): boolean {
  return [department, customer, customerClass, product].some((names) => names !== undefined)
}

/** Whether a visit matches the selected dimensions. */
export function isChosen(
  choice: Choice,
  order: Pick<FoldedOrder, 'attributes'>,
  visit: StageVisit | undefined,
): boolean {
  const { department, customer, customerClass, product } = choice
  const attributes = attributesOfVisit(order.attributes, visit)
  return (
    (department?.includes(visit?.department ?? attributes.department ?? '') ?? true) &&
    (customer?.includes(attributes.customer ?? '') ?? true) &&
    (customerClass?.includes(attributes.customerClass ?? '') ?? true) &&
    (product?.includes(attributes.product ?? '') ?? true)
  )
}

/** A name that no visit ever had is in no dictionary and matches nothing. */
function ids(dictionary: Dictionary, names: readonly string[]): ReadonlySet<number> {
  return new Set(names.flatMap((name) => dictionary.find(name) ?? []))
}
