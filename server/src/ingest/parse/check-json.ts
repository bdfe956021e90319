import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import type { Validation } from './validation.ts'

/** Names that would reach the prototype if an object were built from them carelessly. */
const dangerousKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Rejects values that the database cannot store, and values larger or deeper than allowed in an event. */
export function checkJson(verdict: Validation, field: string, value: unknown): void {
  const most = maxBytes(verdict, field, value, 1)
  if (verdict.rejection !== undefined || most <= eventLimits.dataBytes) return
  if (Buffer.byteLength(JSON.stringify(value)) > eventLimits.dataBytes)
    verdict.reject('invalid_field', field, `must not be larger than ${eventLimits.dataBytes} bytes of JSON`)
}

/** Upper bound of the value's JSON size in bytes, which makes serialization unnecessary for nearly every event. */
function maxBytes(verdict: Validation, field: string, value: unknown, depth: number): number {
  if (typeof value === 'string') return maxTextBytes(verdict, field, value)
  if (typeof value === 'boolean' || value === null) return 5
  if (typeof value === 'number') {
    // 1e400 is valid JSON, but is parsed as Infinity.
    if (!Number.isFinite(value)) verdict.reject('invalid_field', field, 'must be a finite number')
    return 25
  }
  if (typeof value === 'object') return maxObjectBytes(verdict, field, value, depth)
  verdict.reject('invalid_field', field, 'must be JSON')
  return 0
}

function maxObjectBytes(verdict: Validation, field: string, value: object, depth: number): number {
  if (depth > eventLimits.dataDepth) {
    verdict.reject('invalid_field', field, `must not be nested deeper than ${eventLimits.dataDepth}`)
    return 0
  }
  let most = 2
  for (const [key, item] of Object.entries(value)) {
    if (verdict.rejection !== undefined) return most
    const itemField = Array.isArray(value) ? `${field}[${key}]` : `${field}.${key}`
    if (dangerousKeys.has(key)) verdict.reject('invalid_field', itemField, 'must not have this name')
    if (item !== undefined)
      most += maxTextBytes(verdict, itemField, key) + maxBytes(verdict, itemField, item, depth + 1) + 2
  }
  return most
}

function maxTextBytes(verdict: Validation, field: string, text: string): number {
  if (text.includes('\0') || !text.isWellFormed())
    verdict.reject('invalid_text', field, 'must not hold NUL or half a surrogate pair')
  return 6 * text.length + 2
}
