import { orderActionAnswer, type OrderActionRequest } from '@stagewatch/shared/contract/order-action.ts'
import { ApiError, request } from '../api/request.ts'
import type { Refusal, Report } from './reports.ts'

/** A network that drops packets gives no answer for minutes. */
export const timeoutMs = 10_000

/** What became of a report, or why it still waits. `signedOut`: nobody is signed in, or somebody else. */
export type SendOutcome = 'done' | 'signedOut' | 'unreachable' | { readonly refusal: Refusal }

/**
 * Sends what somebody has tapped. The server does it once, however often it is sent.
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

/** Codes that say nothing of the report: it is sent again later. */
const passing = new Set(['overloaded', 'rate_limited', 'not_ready', 'disk_full', 'internal'])

/** What an error of a request says; what does not come from the server itself says nothing of it. */
export function outcomeOf(error: unknown): Exclude<SendOutcome, 'done'> {
  if (!(error instanceof ApiError) || error.requestId === undefined) return 'unreachable'
  const { code, details, status } = error
  const [field] = details.map((detail) => detail.field)
  if (code === 'unauthorized' || (code === 'conflict' && field === 'person')) return 'signedOut'
  if (status >= 500 || (code !== undefined && passing.has(code))) return 'unreachable'
  return { refusal: { code, field } }
}
