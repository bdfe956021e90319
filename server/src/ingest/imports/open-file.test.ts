import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { expect, test } from 'vitest'
import { writtenFile } from '../files/testing/written-file.ts'
import { fileOptionsOf } from './file-options.ts'
import { openFile } from './open-file.ts'

const opened = async (text: string, mapping: ImportMapping = {}) => {
  const { file, how } = await openFile(fileOptionsOf(writtenFile(text), mapping))
  await file.close()
  return { header: file.header, remarks: file.remarks().map(({ code }) => code), how }
}
/** A table of these rows. */
const table = (...rows: string[]) => `${rows.join('\n')}\n`

test.for([
  ['order_id^stage^timestamp\nA^placed^2024-03-05 10:00\n', "with --delimiter '^'"],
  ['单号，状态，时间\nA，已下单，2024/3/5 10:00\n', "with --delimiter '，'"],
  ['order_id stage timestamp\nA placed 2024-03-05T10:00\n', "with --delimiter ' '"],
  ['order_id  stage     timestamp\nA         placed    2024-03-05 10:00\n', 'columns of a fixed width are not read'],
] as const)('a table of one column is refused with what may part its cells: %j', async ([text, hint]) => {
  await expect(opened(text)).rejects.toMatchObject({ code: 'missing_field', message: expect.stringContaining(hint) })
})

test('a table that has only the begin of stages is refused with how to read it', async () => {
  const hint = 'it is --column time=3 --as entered'
  await expect(opened('case,activity,start\nA,placed,2024-03-05 10:00\n')).rejects.toThrow(hint)
})

test('what parts the cells can be said', async () => {
  const mapping = { delimiter: '，', timezone: 'UTC' }
  const { header } = await opened('单号，状态，时间\nA，已下单，2024/3/5 10:00\n', mapping)
  expect(header).toEqual(['单号', '状态', '时间'])
})

test('a table of several columns is refused without advice about what parts its cells', async () => {
  const refused = opened(table('a^b,c', '1^2,3'))
  await expect(refused).rejects.toMatchObject({ code: 'missing_field' })
  await expect(refused).rejects.not.toThrow('--delimiter')
})

const milestones = table(
  'order,Customer,Packed,Shipped',
  ...['A', 'B', 'C'].map((order, i) => `${order},x,2026-01-0${i + 1}T08:00:00Z,2026-01-0${i + 2}T08:00:00Z`),
)

test('a table with several columns of times and none of stages is refused with how to read it', async () => {
  const refusal = { code: 'missing_field', problem: { code: 'several_times' } }
  await expect(opened(milestones)).rejects.toMatchObject(refusal)
  await expect(opened(milestones)).rejects.toThrow('several columns of times (Packed, Shipped)')
  const one = table('order,Packed,Customer', 'A,2026-01-01T08:00:00Z,x', 'B,2026-01-02T08:00:00Z,x')
  await expect(opened(one)).rejects.toMatchObject({ problem: { code: 'missing_columns' } })
})

test('a column of states is doubted when each order has one row with several times', async () => {
  const row = (order: string, state = 'done') => `${order},${state},2026-01-01T08:00:00Z,2026-01-02T08:00:00Z`
  const header = 'order,status,timestamp,Shipped'
  const refusal = { code: 'missing_field', field: 'stage', problem: { code: 'present_state' } }
  await expect(opened(table(header, row('A'), row('B')))).rejects.toMatchObject(refusal)
  // An order with two rows is a history, and one order alone says nothing.
  expect((await opened(table(header, row('A'), row('B'), row('A', 'new')))).header).toHaveLength(4)
  expect((await opened(table(header, row('A')))).header).toHaveLength(4)
  expect((await opened(table(header, row('A'), row('B')), { columns: { stage: 'status' } })).header).toHaveLength(4)
})

test('the columns of milestones become events of stages with their names', async () => {
  const { header, how } = await opened(milestones, { rows: 'wide' })
  expect(header).toHaveLength(6)
  expect(how.columns).toEqual(
    new Map([
      ['stage', '5'],
      ['time', '6'],
    ]),
  )
  const one = { rows: 'wide', milestones: [{ column: 'Shipped', stage: 'gone' }] } as const
  expect((await opened(milestones, one)).header).toHaveLength(6)
  const none = table('order,Customer', 'A,x', 'B,y')
  await expect(opened(none, { rows: 'wide' })).rejects.toMatchObject({ field: 'milestones' })
})

test('day and time of day in two columns are found by their cells, unless they are said', async () => {
  const rows = table('order,stage,date,time', 'A,pick,2026-01-02,08:15', 'B,pick,2026-01-03,09:30')
  expect((await opened(rows)).how.columns).toEqual(
    new Map([
      ['time', '3'],
      ['timeOfDay', '4'],
    ]),
  )
  expect((await opened(rows, { columns: { time: 'date' } })).how.columns).toEqual(new Map([['time', 'date']]))
})

test('a column that rows of this kind do not have is refused', async () => {
  const orders = table('order,customer', 'A,x')
  await expect(opened(orders, { rows: 'orders', columns: { stage: 'customer' } })).rejects.toMatchObject({
    code: 'bad_request',
    field: 'columns.stage',
    problem: { code: 'column_of_other_rows', params: { column: 'stage', rows: 'orders' } },
  })
  await expect(opened(milestones, { rows: 'wide', columns: { time: 'Packed' } })).rejects.toThrow(
    'a row per order with a column for each milestone, which has no column time',
  )
  expect((await opened(orders, { rows: 'orders', columns: { customer: 'customer' } })).how.orders).toBe(true)
})

test('complete events take no advice about what the file says itself', async () => {
  const line = {
    source: 'erp',
    id: '1',
    type: 'stage.entered',
    order: 'A',
    stage: 'pick',
    occurredAt: '2026-01-02T08:00:00Z',
  }
  const lines = table(JSON.stringify(line), JSON.stringify({ ...line, id: '2' }))
  for (const [mapping, field] of [
    [{ source: 'wms' }, 'source'],
    [{ rows: 'orders' }, 'rows'],
    [{ rows: 'wide' }, 'rows'],
    [{ as: 'entered' }, 'as'],
  ] as const) {
    await expect(opened(lines, mapping)).rejects.toMatchObject({ field, problem: { code: 'complete_events' } })
  }
  expect((await opened(lines, { rows: 'events', nulls: ['x'] })).how.orders).toBe(false)
})
