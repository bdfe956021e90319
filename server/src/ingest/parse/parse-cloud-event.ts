import { parseEvent } from './parse-event.ts'
import type { ParsedEvent } from './parse-event.ts'
import { isAbsent, isRecord } from './read-field.ts'

/** CloudEvents attributes that have another name in an event. */
const cloudNames: Readonly<Record<string, string>> = {
  order: 'subject',
  occurredAt: 'time',
  stage: 'data.stage',
  actor: 'data.actor',
}

/**
 * Converts a CloudEvent 1.0 to an `OrderEvent`, or describes the problem in terms of CloudEvents. Unknown attributes
 * are extensions, which every receiver must ignore.
 */
export function parseCloudEvent(raw: unknown, now: number): ParsedEvent {
  if (!isRecord(raw)) return refused('', 'a CloudEvent must be an object')
  if (raw['specversion'] !== '1.0') return refused('specversion', 'must be "1.0"')
  if (!isAbsent(raw['data_base64'])) return refused('data_base64', 'is not taken: data must be a JSON object')
  const content = raw['data'] ?? {}
  if (!isRecord(content)) return refused('data', 'must be a JSON object')
  const { order, stage, actor, ...data } = content
  const { source, id, type, subject, time } = raw
  const sequence = digits(raw['sequence'])
  const event = { source, id, type, order: subject ?? order, stage, occurredAt: time, actor, sequence, data }
  const parsed = parseEvent(event, now)
  if (parsed.ok || parsed.rejection.field === undefined) return parsed
  const { field } = parsed.rejection
  return { ok: false, rejection: { ...parsed.rejection, field: cloudNames[field] ?? field } }
}

/** The `sequence` extension is a string in CloudEvents; the parser rejects it if it is not a number. */
function digits(sequence: unknown): unknown {
  return typeof sequence === 'string' && /^\d+$/.test(sequence) ? Number(sequence) : sequence
}

function refused(field: string, message: string): ParsedEvent {
  return { ok: false, rejection: { code: 'invalid_field', ...(field !== '' && { field }), message } }
}
