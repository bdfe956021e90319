import { event } from '@stagewatch/shared/contract/event.ts'
import { eventLimits, futureToleranceMs } from '@stagewatch/shared/contract/event-limits.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { z } from 'zod'
import { chineseDescription, chineseMeanings } from './chinese-texts.ts'
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
const englishMeanings: Readonly<Record<EventType, string>> = {
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

/** The words of the page in a language. */
interface Texts {
  readonly title: string
  readonly intro: string
  readonly everyEvent: string
  readonly identity: string
  readonly types: string
  readonly stages: Readonly<Record<'none' | 'required' | 'optional', string>>
  readonly stage: (description: string) => string
  readonly meanings: Readonly<Record<EventType, string>>
  readonly anyFields: string
  readonly fieldHead: readonly string[]
  readonly typeHead: readonly string[]
  readonly isRequired: Readonly<Record<'yes' | 'no', string>>
  readonly time: string
  readonly text: (maxLength: number | undefined) => string
  readonly pattern: (pattern: string) => string
  readonly boolean: string
  readonly integer: string
  readonly number: (minimum: number) => string
  readonly description: (english: string) => string
  readonly limits: string
  readonly limitHead: readonly string[]
  readonly limitRows: readonly (readonly [item: string, limit: string])[]
  readonly siteLimits: string
}

const aheadHours = futureToleranceMs / 3_600_000
const requestMiB = eventLimits.bytesPerRequest / 1024 ** 2
const dataKiB = eventLimits.dataBytes / 1024

const english: Texts = {
  title: 'Events',
  intro:
    '`POST /api/v1/events` takes one event, an array, or `{ "events": [...] }`; [getting started](../getting-started.md#send-an-event) has an example, and `/docs` on a running server the complete description of the interface. [CloudEvents 1.0](https://cloudevents.io) are also accepted: `subject` is the order, `time` the time, and `data` has `stage`, `actor` and the fields below.',
  everyEvent: 'Fields of every event',
  identity: `\`(source, id)\` identifies an event: sent again, it counts once. \`occurredAt\` may be up to ${aheadHours} h ahead of the server's clock. A field that is not listed here is rejected, except in \`data\`, where it is stored.`,
  types: 'Types',
  stages: { none: 'none', required: 'required', optional: 'optional' },
  stage: (description) => `\`stage\`: ${description}.`,
  meanings: englishMeanings,
  anyFields: 'Any fields in `data` are stored.',
  fieldHead: ['field', 'type', 'required', 'meaning'],
  typeHead: ['type', 'stage', 'meaning'],
  isRequired: { yes: 'yes', no: 'no' },
  time: 'RFC 3339 time with offset',
  text: (maxLength) => (maxLength === undefined ? 'text' : `text, up to ${maxLength} characters`),
  pattern: (pattern) => `text, ${code(pattern)}`,
  boolean: '`true` or `false`',
  integer: 'whole number from 0',
  number: (minimum) => `number from ${minimum}`,
  description: (text) => text,
  limits: 'Limits',
  limitHead: ['item', 'limit'],
  limitRows: [
    ['events per request', number(eventLimits.eventsPerRequest)],
    ['request body', `${requestMiB} MiB`],
    ['`data` as JSON', `${dataKiB} KiB, ${eventLimits.dataDepth} levels of nesting`],
    ['`source`', `${eventLimits.source} characters`],
    ['`id`, `order`, `stage`, `actor`, texts in `data`', `${eventLimits.id} characters`],
    ['`quantity`, `amount`', number(eventLimits.factNumber)],
  ],
  siteLimits: 'Limits of a site are listed in [limits](../operating/limits.md).',
}

const chinese: Texts = {
  title: '事件',
  intro:
    '`POST /api/v1/events` 接收一条事件、一个数组，或者 `{ "events": [...] }`；[入门](../getting-started.zh-CN.md#发送事件)中有示例，运行中的服务器在 `/docs` 提供完整的接口文档。也接受 [CloudEvents 1.0](https://cloudevents.io)：`subject` 是订单，`time` 是时刻，`data` 中是 `stage`、`actor` 和下列字段。',
  everyEvent: '每条事件的字段',
  identity: `\`(source, id)\` 标识一条事件：重复发送只计一次。\`occurredAt\` 最多可以比服务器时钟超前 ${aheadHours} 小时。这里没有列出的字段会被拒绝；\`data\` 中的除外，它们会保存下来。`,
  types: '类型',
  stages: { none: '无', required: '必填', optional: '可选' },
  stage: (description) => `\`stage\`：${description}。`,
  meanings: chineseMeanings,
  anyFields: '`data` 中的任何字段都会保存。',
  fieldHead: ['字段', '类型', '必填', '含义'],
  typeHead: ['类型', '环节', '含义'],
  isRequired: { yes: '是', no: '否' },
  time: '带时差的 RFC 3339 时刻',
  text: (maxLength) => (maxLength === undefined ? '文本' : `文本，最多 ${maxLength} 个字符`),
  pattern: (pattern) => `文本，${code(pattern)}`,
  boolean: '`true` 或 `false`',
  integer: '从 0 开始的整数',
  number: (minimum) => `不小于 ${minimum} 的数`,
  description: chineseDescription,
  limits: '上限',
  limitHead: ['项目', '上限'],
  limitRows: [
    ['每个请求的事件', number(eventLimits.eventsPerRequest)],
    ['请求体', `${requestMiB} MiB`],
    ['`data` 的 JSON', `${dataKiB} KiB，嵌套 ${eventLimits.dataDepth} 层`],
    ['`source`', `${eventLimits.source} 个字符`],
    ['`id`、`order`、`stage`、`actor`、`data` 中的文本', `${eventLimits.id} 个字符`],
    ['`quantity`、`amount`', number(eventLimits.factNumber)],
  ],
  siteLimits: '厂区的限额见[限额与过载](../operating/limits.zh-CN.md)。',
}

/** `docs/reference/events.md`, and the same in Chinese: types and fields of events. */
export function eventsPage(language: 'en' | 'zh'): string {
  const texts = language === 'en' ? english : chinese
  const schema = z.toJSONSchema(event, { io: 'input', unrepresentable: 'any' }) as Schema
  const variants = schema.oneOf ?? []
  const [first] = variants
  const common = Object.entries(first?.properties ?? {}).filter(([name]) => !['type', 'stage', 'data'].includes(name))
  return page(
    texts.title,
    language === 'en' ? '[中文](events.zh-CN.md)' : '[English](events.md)',
    texts.intro,
    `## ${texts.everyEvent}`,
    fieldTable(texts, common, first?.required ?? []),
    texts.identity,
    `## ${texts.types}`,
    table(
      texts.typeHead,
      eventTypes.map((type) => [
        `[${code(type)}](#${type.replace('.', '')})`,
        texts.stages[stageOf(variantOf(variants, type))],
        texts.meanings[type],
      ]),
    ),
    ...eventTypes.map((type) => section(texts, type, variantOf(variants, type))),
    `## ${texts.limits}`,
    table(texts.limitHead, texts.limitRows),
    texts.siteLimits,
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

function stageOf({ properties, required }: Schema): 'none' | 'required' | 'optional' {
  const stage = properties?.['stage']
  if (stage?.type === 'null') return 'none'
  return required?.includes('stage') === true ? 'required' : 'optional'
}

function section(texts: Texts, type: EventType, variant: Schema): string {
  const data = plain(variant.properties?.['data'] ?? {})
  const fields = Object.entries(data.properties ?? {})
  const stage = variant.properties?.['stage']?.description
  return [
    `### ${type}`,
    texts.meanings[type],
    ...(stage === undefined ? [] : [texts.stage(texts.description(stage))]),
    fields.length === 0 ? texts.anyFields : fieldTable(texts, fields, data.required ?? []),
  ].join('\n\n')
}

function fieldTable(
  texts: Texts,
  fields: readonly (readonly [name: string, schema: Schema])[],
  required: readonly string[],
): string {
  return table(
    texts.fieldHead,
    fields.map(([name, schema]) => [
      code(name),
      typeOf(texts, plain(schema)),
      texts.isRequired[required.includes(name) ? 'yes' : 'no'],
      texts.description(schema.description ?? plain(schema).description ?? ''),
    ]),
  )
}

/** Without `null`, which means the same as leaving a field out. */
function plain(schema: Schema): Schema {
  const { type, ...rest } = schema.anyOf?.find((one) => one.type !== 'null') ?? schema
  const only = typeof type === 'string' ? type : type?.find((one) => one !== 'null')
  return only === undefined ? rest : { ...rest, type: only }
}

function typeOf(texts: Texts, { type, format, maxLength, minimum, pattern }: Schema): string {
  if (format === 'date-time') return texts.time
  if (pattern !== undefined) return texts.pattern(pattern)
  if (type === 'string') return texts.text(maxLength)
  if (type === 'boolean') return texts.boolean
  if (type === 'integer') return texts.integer
  if (type === 'number' && minimum !== undefined) return texts.number(minimum)
  throw new Error(`no words for a field of type ${String(type)}`)
}

function number(value: number): string {
  return value >= 1e15 ? '10^15' : value.toLocaleString('en')
}
