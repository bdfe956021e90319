import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { instantOf } from '@stagewatch/shared/domain/rfc3339.ts'
import type { Validation } from './validation.ts'

/** Null is treated like a missing field. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A required identifier in normal form. Numbers are rejected: JSON parsing has already changed them beyond 2^53. */
export function readIdentifier(verdict: Validation, field: string, value: unknown, limit: number): string {
  const text = readOptionalIdentifier(verdict, field, value, limit)
  if (text === undefined) verdict.reject('missing_field', field, 'is required')
  return text ?? ''
}

/** An optional identifier: undefined if it is missing or empty. */
export function readOptionalIdentifier(
  verdict: Validation,
  field: string,
  value: unknown,
  limit: number,
): string | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'string') {
    verdict.reject('invalid_field', field, 'must be a string')
    return ''
  }
  const text = normalIdentifier(value)
  if (text === undefined) verdict.reject('invalid_text', field, 'must not hold control or invisible characters')
  else if (text.length > limit || value.length > limit)
    verdict.reject('invalid_field', field, `must not be longer than ${limit} characters`)
  else return text === '' ? undefined : text
  return ''
}

/** Epoch ms of an RFC 3339 date-time. */
export function readInstant(verdict: Validation, field: string, value: unknown): number {
  const at = typeof value === 'string' ? instantOf(value) : undefined
  if (at === undefined)
    verdict.reject('invalid_time', field, 'must be an RFC 3339 date-time with seconds and an offset, 1970 to 9999')
  return at ?? 0
}

export function readText(verdict: Validation, field: string, value: unknown): string {
  if (typeof value === 'string') return value
  verdict.reject('invalid_field', field, 'must be a string')
  return ''
}

export function readShortText(verdict: Validation, field: string, value: unknown): string {
  const text = readText(verdict, field, value)
  if (text.length > eventLimits.factText)
    verdict.reject('invalid_field', field, `must not be longer than ${eventLimits.factText} characters`)
  return text
}

export function readCurrency(verdict: Validation, field: string, value: unknown): string {
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value
  verdict.reject('invalid_field', field, 'must be an ISO 4217 code of three capital letters')
  return ''
}

export function readFlag(verdict: Validation, field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  verdict.reject('invalid_field', field, 'must be true or false')
  return false
}

/** A quantity or an amount. */
export function readNumber(verdict: Validation, field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= eventLimits.factNumber) return value
  verdict.reject('invalid_field', field, 'must be a number from 0 to 1e15')
  return 0
}

/** The source's own sequence of events; undefined if there is none. */
export function readSequence(verdict: Validation, field: string, value: unknown): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  verdict.reject('invalid_field', field, 'must be a non-negative integer below 2^53')
  return undefined
}
