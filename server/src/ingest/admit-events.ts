import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { namesProcess } from '@stagewatch/shared/domain/order-attributes.ts'
import type { Rejection } from './parse/validation.ts'
import { ownSource } from './withdrawals.ts'

/** What admission must know of the site. */
export interface AdmissionRules {
  /** Process of orders that name none. */
  readonly defaultProcess: string
  /** The process of every order; undefined: there are several. */
  readonly onlyProcess: string | undefined
  isKnown(process: string): boolean
  hasStage(process: string, stage: string): boolean
  /** Whether the process takes events of the stage, because it has it or because it accepts new ones. */
  takes(process: string, stage: string | undefined): boolean
}

export const unknownStage: Rejection = {
  code: 'unknown_stage',
  field: 'stage',
  message: 'the process of the order has no such stage',
}

/**
 * Whether an event can be taken by what it says itself; undefined: it can. Whether the process of its order takes it
 * shows when that is known, see `settleAdmission`.
 */
export function admit(event: OrderEvent, rules: AdmissionRules): Rejection | undefined {
  if (event.source === ownSource)
    return { code: 'invalid_field', field: 'source', message: 'is the name of the server itself' }
  const process = namesProcess(event) ? event.data['process'] : rules.onlyProcess
  if (typeof process !== 'string') return undefined
  if (!rules.isKnown(process) && process !== rules.onlyProcess) {
    return { code: 'unknown_process', field: 'data.process', message: 'the site has no such process' }
  }
  return rules.takes(process, event.stage) ? undefined : unknownStage
}
