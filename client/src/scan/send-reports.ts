import { orderActionAnswer, type OrderActionRequest } from '@stagewatch/shared/contract/order-action.ts'
import { ApiError, request } from '../api/request.ts'
import type { Refusal, Report } from './reports.ts'

/** On a network that drops packets, a request would otherwise take minutes to fail. */
export const timeoutMs = 10_000

/** The result of sending a report, or why it still waits. `signedOut`: nobody, or somebody else, is signed in. */
export type SendOutcome = 'done' | 'signedOut' | 'unreachable' | { readonly refusal: Refusal }

/**
 * Sends one report. The server applies it once, however often it is sent.
 * @param at when it was tapped, epoch ms by the server's clock.
 */
export async function sendReport(report: Report, at: number): Promise<SendOutcome> {
  const { id, order, stage, isUnseen, action, person } = report
  const body: OrderActionRequest = {
    id,
    at,
    do: action,
    person: person.id,
    ...(isUnseen === true ? { anyStage: true as const } : { stage }),
  }
  const path = `/api/v1/orders/${encodeURIComponent(order)}/actions`
  try {
    await request({ path, method: 'POST', body, response: orderActionAnswer, site: person.site, timeoutMs })
    return 'done'
  } catch (error) {
    return outcomeOf(error)
  }
}

/** Codes that are not about the report itself: it is sent again later. */
const passing = new Set(['overloaded', 'rate_limited', 'not_ready', 'disk_full', 'internal'])

/**
 * Maps the error of a request to an outcome. An error that does not come from the server itself does not refuse the
 * report.
 */
export function outcomeOf(error: unknown): Exclude<SendOutcome, 'done'> {
  if (!(error instanceof ApiError) || error.requestId === undefined) return 'unreachable'
  const { code, details, status } = error
  const [field] = details.map((detail) => detail.field)
  if (code === 'unauthorized' || (code === 'conflict' && field === 'person')) return 'signedOut'
  if (status >= 500 || (code !== undefined && passing.has(code))) return 'unreachable'
  return { refusal: { code, field } }
}
