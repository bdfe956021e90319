import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { namesProcess } from '@stagewatch/shared/domain/order-attributes.ts'
import type { Rejection } from '../parse/validation.ts'
import { ownSource } from './withdrawals.ts'

/** Site configuration that admission depends on. */
export interface AdmissionRules {
  /** Process of orders that do not name one. */
  readonly defaultProcess: string
  /** The process of every order; undefined if the site has several. */
  readonly onlyProcess: string | undefined
  isKnown(process: string): boolean
  hasStage(process: string, stage: string): boolean
  /**
   * Whether the process accepts events of the stage, either because it has the stage or because it accepts new stages.
   */
  takes(process: string, stage: string | undefined): boolean
}

export const unknownStage: Rejection = {
  code: 'unknown_stage',
  field: 'stage',
  message: 'the process of the order has no such stage',
}

/**
 * Checks an event on its own content. Returns undefined if it can be accepted. Whether the process of its order accepts
 * it is checked once that process is known, see `settleAdmission`.
 */
export function admit(event: OrderEvent, rules: AdmissionRules): Rejection | undefined {
  if (event.source === ownSource)
    return { code: 'invalid_field', field: 'source', message: 'is reserved for the server' }
  const process = namesProcess(event) ? event.data['process'] : rules.onlyProcess
  if (typeof process !== 'string') return undefined
  if (!rules.isKnown(process) && process !== rules.onlyProcess) {
    return { code: 'unknown_process', field: 'data.process', message: 'the site has no such process' }
  }
  return rules.takes(process, event.stage) ? undefined : unknownStage
}
