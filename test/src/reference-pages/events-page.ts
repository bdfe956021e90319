import { event } from '@stagewatch/shared/contract/event.ts'
import { eventLimits, futureToleranceMs } from '@stagewatch/shared/contract/event-limits.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { z } from 'zod'
import { code, page, table } from './reference-pages.ts'

/** The parts of JSON Schema that describe events. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly maxLength?: number
  readonly minimum?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly const?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** What the schema of a type does not say. */
const meanings: Readonly<Record<EventType, string>> = {
  'order.placed': 'The order exists.',
  'order.changed': 'Facts of the order have changed; fields that are left out keep their value.',
  'stage.entered': 'The order is in this stage from this time on.',
  'stage.started': 'Work in this stage begins; before that, the order was waiting.',
  'stage.completed': 'The order has finished this stage.',
  'order.held': "The target's clock stops.",
  'order.resumed': "The target's clock continues.",
  'order.assigned': 'Sets who has the order; no progress.',
  'order.acknowledged': 'A person (`actor`) has seen the state of the order and takes care of it; no progress.',
  'order.completed': 'The order has ended.',
  'order.cancelled': 'The order has ended without being done.',
  'complaint.filed': 'A fact that moves nothing.',
  'note.added': 'A remark; `reason` and `waitingFor` say why the order waits.',
  'position.reported': 'Where the order is; moves nothing, but for alert rules it is news of the carrier.',
  'event.voided': 'Takes an event back: all figures are as if it had never been sent.',
}

/** `docs/reference/events.md`: types and fields of events. */
export function eventsPage(): string {
  const schema = z.toJSONSchema(event, { io: 'input', unrepresentable: 'any' }) as Schema
  const variants = schema.oneOf ?? []
  const [first] = variants
  const common = Object.entries(first?.properties ?? {}).filter(([name]) => !['type', 'stage', 'data'].includes(name))
  return page(
    'Events',
    '`POST /api/v1/events` takes one event, an array, or `{ "events": [...] }`; [getting started](../getting-started.md#send-an-event) has an example, and `/docs` on a running server the complete description of the interface. [CloudEvents 1.0](https://cloudevents.io) are also accepted: `subject` is the order, `time` the time, and `data` has `stage`, `actor` and the fields below.',
    '## Fields of every event',
    fieldTable(common, first?.required ?? []),
    `\`(source, id)\` identifies an event: sent again, it counts once. \`occurredAt\` may be up to ${futureToleranceMs / 3_600_000} h ahead of the server's clock. A field that is not listed here is rejected, except in \`data\`, where it is stored.`,
    '## Types',
    table(
      ['type', 'stage', 'meaning'],
      eventTypes.map((type) => [
        `[${code(type)}](#${type.replace('.', '')})`,
        stageOf(variantOf(variants, type)),
        meanings[type],
      ]),
    ),
    ...eventTypes.map((type) => section(type, variantOf(variants, type))),
    '## Limits',
    table(
      ['item', 'limit'],
      [
        ['events per request', number(eventLimits.eventsPerRequest)],
        ['request body', `${eventLimits.bytesPerRequest / 1024 ** 2} MiB`],
        ['`data` as JSON', `${eventLimits.dataBytes / 1024} KiB, ${eventLimits.dataDepth} levels of nesting`],
        ['`source`', `${eventLimits.source} characters`],
        ['`id`, `order`, `stage`, `actor`, texts in `data`', `${eventLimits.id} characters`],
        ['`quantity`, `amount`', number(eventLimits.factNumber)],
      ],
    ),
    'Limits of a site are listed in [limits](../operating/limits.md).',
  )
}

function variantOf(variants: readonly Schema[], type: EventType): Schema {
  const found = variants.find(({ properties }) => {
    const { enum: types, const: only } = properties?.['type'] ?? {}
    return only === type || types?.includes(type)
  })
  if (found === undefined) throw new Error(`the contract has no schema of ${type}`)
  return found
}

function stageOf({ properties, required }: Schema): string {
  const stage = properties?.['stage']
  if (stage?.type === 'null') return 'none'
  return required?.includes('stage') === true ? 'required' : 'optional'
}

function section(type: EventType, variant: Schema): string {
  const data = plain(variant.properties?.['data'] ?? {})
  const fields = Object.entries(data.properties ?? {})
  const stage = variant.properties?.['stage']?.description
  return [
    `### ${type}`,
    meanings[type],
    ...(stage === undefined ? [] : [`\`stage\`: ${stage}.`]),
    fields.length === 0 ? 'Any fields in `data` are stored.' : fieldTable(fields, data.required ?? []),
  ].join('\n\n')
}

function fieldTable(fields: readonly (readonly [name: string, schema: Schema])[], required: readonly string[]): string {
  return table(
    ['field', 'type', 'required', 'meaning'],
    fields.map(([name, schema]) => [
      code(name),
      typeOf(plain(schema)),
      required.includes(name) ? 'yes' : 'no',
      schema.description ?? plain(schema).description ?? '',
    ]),
  )
}

/** Without `null`, which means the same as leaving a field out. */
function plain(schema: Schema): Schema {
  const { type, ...rest } = schema.anyOf?.find((one) => one.type !== 'null') ?? schema
  const only = typeof type === 'string' ? type : type?.find((one) => one !== 'null')
  return only === undefined ? rest : { ...rest, type: only }
}

function typeOf({ type, format, maxLength, minimum, pattern }: Schema): string {
  if (format === 'date-time') return 'RFC 3339 time with offset'
  if (pattern !== undefined) return `text, ${code(pattern)}`
  if (type === 'string') return maxLength === undefined ? 'text' : `text, up to ${maxLength} characters`
  if (type === 'boolean') return '`true` or `false`'
  if (type === 'integer') return 'whole number from 0'
  if (type === 'number' && minimum !== undefined) return `number from ${minimum}`
  throw new Error(`no words for a field of type ${String(type)}`)
}

function number(value: number): string {
  return value >= 1e15 ? '10^15' : value.toLocaleString('en')
}
