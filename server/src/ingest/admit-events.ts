import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Rejection } from './parse/verdict.ts'

/** What admission must know of the site. */
export interface AdmissionRules {
  isKnown(process: string): boolean
  hasStage(process: string, stage: string): boolean
}

/**
 * Whether the site's processes know what the event names; undefined: they do.
 * @param process of the event's order.
 */
export function admit(event: OrderEvent, process: string, rules: AdmissionRules): Rejection | undefined {
  if (event.data['process'] === process && !rules.isKnown(process)) {
    return { code: 'unknown_process', field: 'data.process', message: 'the site has no such process' }
  }
  if (event.stage === undefined || rules.hasStage(process, event.stage)) return undefined
  return { code: 'unknown_stage', field: 'stage', message: 'the process of the order has no such stage' }
}
