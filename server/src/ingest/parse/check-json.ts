import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import type { Validation } from './validation.ts'

/** Names that would reach the prototype if an object were built from them carelessly. */
const dangerousKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const tooLarge = `must not be larger than ${eventLimits.dataBytes} bytes of JSON`

/** Rejects values that the database cannot store, and values larger or deeper than allowed in an event. */
export function checkJson(verdict: Validation, field: string, value: unknown): void {
  const size: Size = { field, most: 0, least: 0 }
  measure(verdict, size, field, value, 1)
  if (verdict.rejection !== undefined || size.most <= eventLimits.dataBytes) return
  if (Buffer.byteLength(JSON.stringify(value)) > eventLimits.dataBytes) verdict.reject('invalid_field', field, tooLarge)
}

/**
 * Bounds of a value's JSON size in bytes. The upper one makes serialization unnecessary for nearly every event; with the
 * lower one, the work for a value that is too large is limited.
 */
interface Size {
  /** Name of the whole value. */
  readonly field: string
  most: number
  least: number
}

function measure(verdict: Validation, size: Size, field: string, value: unknown, depth: number): void {
  if (typeof value === 'string') return measureText(verdict, size, field, value)
  if (typeof value === 'object' && value !== null) return measureObject(verdict, size, field, value, depth)
  size.most += 25
  size.least += 1
  if (typeof value === 'boolean' || value === null) return
  if (typeof value !== 'number') verdict.reject('invalid_field', field, 'must be JSON')
  // 1e400 is valid JSON, but is parsed as Infinity.
  else if (!Number.isFinite(value)) verdict.reject('invalid_field', field, 'must be a finite number')
}

function measureObject(verdict: Validation, size: Size, field: string, value: object, depth: number): void {
  if (depth > eventLimits.dataDepth) {
    verdict.reject('invalid_field', field, `must not be nested deeper than ${eventLimits.dataDepth}`)
    return
  }
  size.most += 2
  size.least += 2
  for (const [key, item] of Object.entries(value)) {
    if (size.least > eventLimits.dataBytes) verdict.reject('invalid_field', size.field, tooLarge)
    if (verdict.rejection !== undefined) return
    const itemField = Array.isArray(value) ? `${field}[${key}]` : `${field}.${key}`
    if (dangerousKeys.has(key)) verdict.reject('invalid_field', itemField, 'must not have this name')
    if (item === undefined) continue
    size.most += 2
    if (!Array.isArray(value)) measureText(verdict, size, itemField, key)
    measure(verdict, size, itemField, item, depth + 1)
  }
}

function measureText(verdict: Validation, size: Size, field: string, text: string): void {
  size.most += 6 * text.length + 2
  size.least += text.length + 2
  if (text.includes('\0') || !text.isWellFormed())
    verdict.reject('invalid_text', field, 'must not hold NUL or half a surrogate pair')
}
