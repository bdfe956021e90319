import { expect, test } from 'vitest'
import { CellCounts } from './cells/cell-counts.ts'
import type { EventRow, EventRowRules } from './event-row.ts'
import { eventFileColumns, eventRowReader, proposedMeaning, requiredColumns } from './event-row.ts'
import type { Rejection } from '../tables/rejection.ts'

const entered: EventRowRules = { as: 'entered', clock: undefined }
const completed: EventRowRules = { as: 'completed', clock: undefined }
const at = '2026-01-02T08:05:00+08:00'

function read(header: string, row: string, rules = entered): Partial<EventRow> & Partial<Rejection> {
  const outcome = eventRowReader(header.split(','), rules).read({ row: 7, line: 8, cells: row.split(',') })
  return outcome.ok ? outcome.value : outcome.rejection
}

test.for([
  'order_id,stage,timestamp,actor,department,customer,product,due_at,customer_class',
  ' ORDER , Activity,Time:Timestamp ,org:resource,org:group,客户,产品,承诺交期,客户等级',
  'case:concept:name,concept:name,occurred_at,操作人,部门,customer,product,promised_at,Customer_Class',
  '订单号,环节,时间,Actor,Department,Customer,Product,Due_At,客户等级',
])('the header %s is understood', (header) => {
  expect(read(header, `SO-1, packing ,${at},Li,QA,ACME,Bolt,2026-01-09T00:00:00Z,A`)).toMatchObject({
    row: 7,
    type: 'stage.entered',
    order: 'SO-1',
    stage: 'packing',
    occurredAt: Date.UTC(2026, 0, 2, 0, 5),
    actor: 'Li',
    department: 'QA',
    customer: 'ACME',
    customerClass: 'A',
    product: 'Bolt',
    promisedAt: Date.UTC(2026, 0, 9),
  })
})

test('a row of an event has the facts of its order, as a row of an order', () => {
  const header = 'order_id,stage,timestamp,数量,金额,币种,优先级,waybill'
  expect(read(header, `SO-1,packing,${at},"1,200",994.34,€,high,SF1`.replace('"1,200"', '1200'))).toMatchObject({
    quantity: 1200,
    amount: 994.34,
    currency: 'EUR',
    priority: 'high',
    waybill: 'SF1',
  })
})

test('of two headers that fit, the one that stands first in the contract wins', () => {
  expect(read('case_id,order_id,concept:name,stage,timestamp', `c,o,n,s,${at}`)).toMatchObject({
    order: 'o',
    stage: 's',
  })
})

test('a missing column is named, and what the file has instead', () => {
  expect(() => eventRowReader(['order_id', 'kind', 'timestamp'], entered)).toThrow(
    'no column for stage, such as stage, activity, concept:name, 环节, activity_name; it has: order_id, kind, timestamp',
  )
})

test.for(['-', '—', 'N/A', 'nan', 'NULL'])('%s is nothing in a text and rejects the row that needs one', (word) => {
  const header = 'order_id,stage,timestamp,customer'
  expect(read(header, `SO-1,pick,${at},${word}`)).toMatchObject({ stage: 'pick', customer: undefined })
  expect(read(header, `${word},pick,${at},ACME`)).toMatchObject({ code: 'missing_field', field: 'order_id' })
  expect(read(header, `SO-1,${word},${at},ACME`)).toMatchObject({ code: 'missing_field', field: 'stage' })
})

test('a row that says its type needs no stage unless it is of a stage', () => {
  const header = 'order_id,stage,timestamp,event_type'
  expect(read(header, `SO-1,,${at},order.completed`)).toMatchObject({ type: 'order.completed', stage: undefined })
  expect(read(header, `SO-1,packing,${at},`)).toMatchObject({ type: 'stage.entered', stage: 'packing' })
  expect(read(header, `SO-1,,${at},stage.started`)).toMatchObject({ code: 'missing_field', field: 'stage' })
  expect(read(header, `SO-1,packing,${at},packed`)).toMatchObject({ code: 'invalid_field', field: 'event_type' })
})

test('an optional cell that cannot be read is left out and counted', () => {
  const counts = new CellCounts()
  const header = 'order_id,stage,timestamp,due_at,customer,actor'
  const row = `SO-1,packing,${at},soon,${'x'.repeat(201)},A\u200Bnn`
  expect(read(header, row, { ...entered, counts })).toMatchObject({
    order: 'SO-1',
    promisedAt: undefined,
    customer: undefined,
    actor: undefined,
  })
  expect(counts.remarks()).toEqual([
    {
      column: 'actor',
      cause: 'unreadable',
      count: 1,
      examples: [{ line: 8, value: String.raw`A\u200Bnn` }],
      message: 'has control or invisible characters: U+200B at place 2',
    },
    {
      column: 'due_at',
      cause: 'unreadable',
      count: 1,
      examples: [{ line: 8, value: 'soon' }],
      message: 'soon is no time; write it like 2026-01-02T08:05:00+08:00',
    },
    {
      column: 'customer',
      cause: 'unreadable',
      count: 1,
      examples: [{ line: 8, value: `${'x'.repeat(60)}…` }],
      message: 'longer than 200 characters',
    },
  ])
})

test.for([
  ['1.23457E+18', undefined],
  ['1,23457e+18', undefined],
  ['9E+15', undefined],
  ['1.5E18', undefined],
  ['12.3457E+17', undefined],
  ['1E5', '1E5'],
  ['E+18', 'E+18'],
  ['SO-1.5E+18', 'SO-1.5E+18'],
] as const)('of an order called %s stays %s', ([order, kept]) => {
  const outcome = eventRowReader(['order_id', 'stage', 'timestamp'], entered).read({
    row: 1,
    line: 2,
    cells: [order, 'pick', at],
  })
  expect(outcome.ok ? outcome.value.order : undefined).toBe(kept)
})

test.for([
  ['123.0', 'fraction'],
  ['123456789012345000', 'rounded'],
] as const)('an order called %s is remarked upon', ([order, cause]) => {
  const counts = new CellCounts()
  expect(read('order_id,stage,timestamp', `${order},pick,${at}`, { ...entered, counts })).toMatchObject({ order })
  expect(counts.remarks()).toMatchObject([{ column: 'order_id', cause, count: 1 }])
})

test('a parcel or an event whose number was rounded has none', () => {
  const counts = new CellCounts()
  const row = `SO-1,pick,${at},4.30005E+14,1.23457E+18`
  const rules = { ...entered, counts }
  expect(read('order_id,stage,timestamp,waybill,event_id', row, rules)).toMatchObject({
    order: 'SO-1',
    waybill: undefined,
    eventId: undefined,
  })
  expect(counts.remarks()).toMatchObject([
    { column: 'event_id', cause: 'unreadable', count: 1 },
    { column: 'waybill', cause: 'unreadable', count: 1 },
  ])
})

test('a date and a time of two columns are one instant', () => {
  const rules = { ...entered, columns: new Map([['timeOfDay', 'time_of_day']]) }
  const header = 'order_id,stage,timestamp,time_of_day'
  const joined = { occurredAt: Date.UTC(2026, 10, 3, 14, 5) }
  expect(read(header, 'SO-1,pick,2026-11-03,14:05Z', rules)).toMatchObject(joined)
  expect(read(header, 'SO-1,pick,2026-11-03 00:00:00,140500Z', rules)).toMatchObject({ code: 'invalid_time' })
  expect(read(header, 'SO-1,pick,,14:05Z', rules)).toMatchObject({ code: 'missing_field' })
})

test('a start of work counts on completed stages, unless it is after the end', () => {
  const header = 'order_id,stage,timestamp,started_at'
  const row = `SO-1,packing,${at},2026-01-02T00:00:00Z`
  expect(read(header, row, completed)).toMatchObject({ startedAt: Date.UTC(2026, 0, 2), startIgnored: false })
  expect(read(header, row, entered)).toMatchObject({ startedAt: undefined, startIgnored: false })
  const late = `SO-1,packing,${at},2026-01-03T00:00:00Z`
  expect(read(header, late, completed)).toMatchObject({ startedAt: undefined, startIgnored: true })
})

test.for([
  [`,packing,${at},`, 'missing_field', '订单号'],
  [`SO-1, ,${at},`, 'missing_field', '环节'],
  ['SO-1,packing,,', 'missing_field', '时间'],
  ['SO-1,packing,2026-01-02 08:05,', 'invalid_time', '时间'],
  [`SO\0-1,packing,${at},`, 'invalid_text', '订单号'],
  [`SO-1,pack\uFFFDing,${at},`, 'invalid_text', '环节'],
  [`${'9'.repeat(65_537)},packing,${at},`, 'too_large', '订单号'],
  [`SO-1,packing,${at},,extra`, 'bad_request', ''],
] as const)('row %#: %s is rejected with its column', ([row, code, field]) => {
  expect(read('订单号,环节,时间,承诺交期', row)).toMatchObject({ code, field })
})

test('an activity goes on without an end, and one that ends before it starts has lost its start', () => {
  const header = 'order_id,stage,end_time,start_time,concept:instance'
  const rules: EventRowRules = { clock: undefined }
  const [from, to] = ['2026-01-02T00:00:00Z', '2026-01-02T01:00:00Z']
  const [fromAt, toAt] = [Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 2, 1)]
  const done = { type: 'stage.completed', occurredAt: toAt, enteredAt: fromAt, startedAt: fromAt, instance: '7' }
  expect(read(header, `SO-1,cut,${to},${from},7`, rules)).toMatchObject({ ...done, concurrent: true })
  expect(read(header, `SO-1,cut,,${from},`, rules)).toMatchObject({ type: 'stage.started', occurredAt: fromAt })
  expect(read(header, `SO-1,cut,9999-12-31,${from},`, rules)).toMatchObject({ type: 'stage.started' })
  expect(read(header, `SO-1,cut,${from},${to},`, rules)).toMatchObject({ startedAt: undefined, startIgnored: true })
  expect(read(header, `SO-1,cut,${to},,`, rules)).toMatchObject({ type: 'stage.completed', startIgnored: false })
  expect(read(header, 'SO-1,cut,,,', rules)).toMatchObject({ code: 'missing_field', field: 'end_time' })
  expect(read(header, `SO-1,cut,soon,${from},`, rules)).toMatchObject({ code: 'invalid_time', field: 'end_time' })
})

test.for([
  ['schedule', { type: 'stage.entered', stage: 'cut' }],
  ['Start', { type: 'stage.started', stage: 'cut' }],
  ['COMPLETE', { type: 'stage.completed', stage: 'cut' }],
  ['', { type: 'stage.completed', stage: 'cut' }],
  ['suspend', { type: 'order.held', stage: undefined, about: 'cut' }],
  ['resume', { type: 'order.resumed', stage: undefined, about: 'cut' }],
  ['ate_abort', { type: 'stage.completed', stage: 'cut', abandoned: true }],
  ['withdraw', { type: 'stage.completed', stage: 'cut', abandoned: true }],
  ['pi_abort', { type: 'order.cancelled', stage: undefined }],
  ['thought', { type: 'note.added', stage: undefined, about: 'cut', transition: 'thought' }],
] as const)('the transition %s says what happened to an activity', ([transition, said]) => {
  const counts = new CellCounts()
  const row = `SO-1,cut,${at},${transition}`
  expect(read('order_id,stage,timestamp,lifecycle:transition', row, { clock: undefined, counts })).toMatchObject(said)
  const unknown = [{ column: 'lifecycle:transition', cause: 'unreadable', count: 1 }]
  expect(counts.remarks()).toMatchObject(said.type === 'note.added' ? unknown : [])
})

test('the meaning of rows follows from the columns of their file', () => {
  const meaning = (header: string, hasTransitions = true) =>
    proposedMeaning(eventFileColumns(header.split(',')), hasTransitions)
  expect(meaning('order,stage,time')).toBe('entered')
  expect(meaning('order,stage,end_time,start_time')).toBe('activity')
  expect(meaning('order,stage,time,lifecycle')).toBe('lifecycle')
  expect(meaning('order,stage,time,lifecycle', false)).toBe('entered')
  expect(meaning('order,stage,end_time,start_time,lifecycle')).toBe('activity')
})

test('a file whose rows say their type needs no stages', () => {
  expect(requiredColumns(eventFileColumns(['order', 'time', 'event_type']))).toEqual(['order', 'time'])
  expect(() => eventFileColumns(['order', 'time'])).toThrow('no column for stage')
  expect(() => eventFileColumns(['order', 'event_type'])).toThrow('no column for time')
})

test('an activity of a moment has begun', () => {
  const header = 'order_id,stage,end_time,start_time'
  expect(read(header, `SO-1,cut,${at},${at}`, { clock: undefined })).toMatchObject({
    enteredAt: Date.UTC(2026, 0, 2, 0, 5),
    startedAt: Date.UTC(2026, 0, 2, 0, 5),
    startIgnored: false,
  })
  expect(read('order_id,stage,timestamp,started_at', `SO-1,cut,${at},${at}`, completed)).toMatchObject({
    startedAt: Date.UTC(2026, 0, 2, 0, 5),
    startIgnored: false,
  })
})
