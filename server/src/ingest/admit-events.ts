import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Rejection } from './parse/verdict.ts'

/** What admission must know of the site. */
export interface AdmissionRules {
  readonly defaultProcess: string
  isKnown(process: string): boolean
  accepts(process: string, stage: string): boolean
}

/** Whether the site's processes know what the event names; undefined: they do. */
export function admit(
  event: OrderEvent,
  processOf: (order: string) => string,
  rules: AdmissionRules,
): Rejection | undefined {
  const named = event.data['process']
  if (typeof named === 'string' && !rules.isKnown(named)) {
    return { code: 'unknown_process', field: 'data.process', message: 'the site has no such process' }
  }
  if (event.stage === undefined) return undefined
  const process = typeof named === 'string' ? named : processOf(event.order)
  if (rules.accepts(process, event.stage)) return undefined
  return { code: 'unknown_stage', field: 'stage', message: 'the process of the order has no such stage' }
}
