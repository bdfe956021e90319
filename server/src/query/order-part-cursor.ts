import type { EventKey } from '@stagewatch/shared/domain/event-order.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'

const key = z.object({
  occurredAt: z.int().min(-8.64e15).max(8.64e15),
  sequence: z.int().nonnegative().exactOptional(),
  source: z.string().max(1_000),
  id: z.string().max(1_000),
})

type LastEvent = Omit<EventKey, 'sequence'> & { readonly sequence?: number | undefined }

/** Number of visits on earlier pages. @throws AppError `invalid_field`. */
export function readVisitsCursor(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw notGiven('visitsCursor')
  return Number(cursor)
}

/** The last event of the previous page. @throws AppError `invalid_field`. */
export function readEventsCursor(cursor: string): EventKey {
  const { data } = key.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (data === undefined) throw notGiven('eventsCursor')
  return data
}

export function writeEventsCursor({ occurredAt, sequence, source, id }: LastEvent): string {
  const written = { occurredAt, source, id, ...(sequence !== undefined && { sequence }) }
  return Buffer.from(JSON.stringify(written)).toString('base64url')
}

function notGiven(field: string): AppError {
  return new AppError('invalid_field', 'is not a cursor from a response: leave it out', { field, reason: 'wrong' })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
