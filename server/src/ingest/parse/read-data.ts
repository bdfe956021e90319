import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'
import { checkJson } from './check-json.ts'
import {
  isAbsent,
  isRecord,
  readCurrency,
  readFlag,
  readIdentifier,
  readInstant,
  readNumber,
  readShortText,
  readText,
} from './read-field.ts'
import type { Validation } from './validation.ts'

type ReadField = (verdict: Validation, field: string, value: unknown) => unknown
type KnownFields = readonly (readonly [name: string, read: ReadField])[]

const reason: KnownFields = [['reason', readText]]
const attributes: KnownFields = [
  ['customer', readShortText],
  ['customerClass', readShortText],
  ['product', readShortText],
  ['quantity', readNumber],
  ['amount', readNumber],
  ['currency', readCurrency],
  ['promisedAt', readInstant],
  ['priority', readShortText],
  ['process', readShortText],
  ['department', readShortText],
  ['waybill', readShortText],
]

/** Data of activities that may overlap, see `evolveActivity`. */
const activity: KnownFields = [
  ['concurrent', readFlag],
  ['instance', readShortText],
]

const knownFields: Readonly<Record<EventType, KnownFields>> = {
  'order.placed': attributes,
  'order.changed': attributes,
  'stage.entered': [...attributes, ...activity],
  'stage.started': [...attributes, ...activity],
  'stage.completed': [
    ...attributes,
    ...activity,
    ['abandoned', readFlag],
    ['enteredAt', readInstant],
    ['startedAt', readInstant],
  ],
  'order.held': [...reason, ['until', readInstant], ['concurrent', readFlag], ['changesHold', readFlag]],
  'order.resumed': reason,
  'order.assigned': reason,
  'order.acknowledged': reason,
  'order.completed': reason,
  'order.cancelled': reason,
  'complaint.filed': [],
  'note.added': [],
  'position.reported': [],
  'event.voided': reason,
}

/** Names of the data fields of a type that are instants: RFC 3339 on the wire, epoch ms in the log. */
export const instantFields: Readonly<Record<EventType, readonly string[]>> = mapTypes((fields) =>
  fields.filter(([, read]) => read === readInstant).map(([name]) => name),
)

function mapTypes<T>(of: (fields: KnownFields) => T): Readonly<Record<EventType, T>> {
  const entries = eventTypes.map((type) => [type, of(knownFields[type])] as const)
  return Object.fromEntries(entries) as Record<EventType, T>
}

const noData: EventData = Object.freeze({})

/** The data of an event: fields known for its type are validated and normalized, others are kept unchanged. */
export function readData(verdict: Validation, type: EventType, value: unknown): EventData {
  if (!isAbsent(value) && !isRecord(value)) {
    verdict.reject('invalid_field', 'data', 'must be an object')
    return noData
  }
  const given = value ?? noData
  checkJson(verdict, 'data', given)
  if (verdict.rejection !== undefined) return noData
  const known = readKnownFields(verdict, given, knownFields[type])
  if (type === 'event.voided') return { ...known, ...readVoidedIdentity(verdict, given) }
  if (type !== 'order.assigned') return known
  return { ...known, owner: readIdentifier(verdict, 'data.owner', given['owner'], eventLimits.actor) }
}

function readKnownFields(verdict: Validation, given: EventData, fields: KnownFields): EventData {
  let data: Record<string, unknown> | undefined
  for (const [name, read] of fields) {
    const value = given[name]
    if (value === undefined) continue
    const known = value === null ? undefined : read(verdict, `data.${name}`, value)
    if (known === value) continue
    data ??= { ...given }
    if (value === null) delete data[name]
    else data[name] = known
  }
  return data ?? given
}

/** Normalized like the identifiers of the event it refers to, so that it can be found. */
function readVoidedIdentity(verdict: Validation, given: EventData): EventData {
  return {
    source: readIdentifier(verdict, 'data.source', given['source'], eventLimits.source),
    id: readIdentifier(verdict, 'data.id', given['id'], eventLimits.id),
  }
}
