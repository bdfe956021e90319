import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { importReport as reportSchema } from '@stagewatch/shared/contract/import-report.ts'
import { expect, test } from 'vitest'
import { importFile } from './import-file.ts'
import { importReport } from './import-report.ts'
import { surveyFile } from './survey-file.ts'
import { fileOptionsOf } from './file-options.ts'
import type { ImportFileOptions } from './file-options.ts'

const unwatched = { openProgress: () => ({ update: () => {}, close: () => {} }), stopped: new AbortController().signal }

/** The report of a file if the server rejects the events of one stage. */
async function reportOf(text: string, mapping: ImportMapping = {}, preview = false) {
  const path = join(mkdtempSync(join(tmpdir(), 'stagewatch-report-')), 'log.csv')
  writeFileSync(path, text)
  const whole: ImportFileOptions = { ...fileOptionsOf(path, mapping), errorsPath: undefined, preview }
  const surveyed = await surveyFile(whole, unwatched)
  const result = await importFile(
    whole,
    {
      maxEvents: 1_000,
      maxCharacters: 1_000_000,
      send: async (events) =>
        events.map(({ stage }, index) =>
          stage === 'closed'
            ? { index, status: 'rejected', code: 'unknown_stage', message: 'no such stage', field: 'stage' }
            : { index, status: 'accepted' },
        ),
    },
    unwatched,
    surveyed,
    [],
  )
  await surveyed.file.close()
  return reportSchema.strict().parse(importReport({ ...whole, dryRun: true }, result, undefined))
}

test('rows of one order, stage and time count each, which is told with what makes them count once', async () => {
  const rows = [
    'A,pick,2026-01-02T00:00:00Z,Bolt',
    'A,pick,2026-01-02T00:00:00Z,Nut',
    'A,pick,2026-01-02T00:00:00Z,Nut',
  ]
  const text = ['order,stage,timestamp,article', ...rows, 'A,pack,2026-01-02T01:00:00Z,Nut', ''].join('\n')
  const said = async (mapping: ImportMapping) => {
    const { accepted, duplicate, remarks } = await reportOf(text, mapping)
    const told = remarks.filter(({ fix }) => fix === 'duplicates')
    return [accepted, duplicate, ...told.map(({ code, count, lines }) => [code, count, ...lines])]
  }
  expect(await said({})).toEqual([3, 1, ['repeated_rows', 1, 4], ['same_steps', 1, 3]])
  expect(await said({ duplicates: 'step' })).toEqual([2, 2, ['repeated_steps', 2, 3, 4]])
  expect(await said({ duplicates: 'keep' })).toEqual([4, 0])
  const numbered = text
    .replaceAll(/^(A.*)$/gm, (line, _, at: number) => `${line},${at}`)
    .replace('article', 'article,event_id')
  expect((await reportOf(numbered)).remarks.map(({ code }) => code)).not.toContain('same_steps')
})

test('rejections are grouped by column and cause, with the first values as they can be shown', async () => {
  const rows = ['A,pack,2026-01-02T00:00:00Z', 'A,closed,2026-01-03T00:00:00Z']
  const wrong = ['so\u0007on', 'x'.repeat(500), 'later', 'never'].map((time) => `B,pack,${time}`)
  const { rejections, rejected, accepted } = await reportOf(
    ['order,Step name,timestamp', ...rows, ...wrong, ''].join('\n'),
    {
      columns: { stage: 'Step name' },
    },
  )
  expect({ rejected, accepted }).toEqual({ rejected: 5, accepted: 1 })
  expect(rejections).toMatchObject([
    {
      column: 'timestamp',
      code: 'invalid_time',
      count: 4,
      first: [{ line: 4, value: String.raw`so\u0007on` }, { line: 5, value: `${'x'.repeat(60)}…` }, { line: 6 }],
    },
    { column: 'Step name', code: 'unknown_stage', count: 1, first: [{ line: 3, value: 'closed' }] },
  ])
  expect(rejections[0]?.first).toHaveLength(3)
})

test('the first rows are shown beside their events, also those that are refused later', async () => {
  const many = Array.from({ length: 60 }, (_, i) => `C,pack,2026-02-01T00:00:${String(i).padStart(2, '0')}Z,7`)
  const first = ['A,closed,2026-01-03T00:00:00Z,1', `B,pack,soon,${'y'.repeat(300)}`]
  const { preview } = await reportOf(['order,stage,timestamp,customer', ...first, ...many, ''].join('\n'), {}, true)
  expect(preview?.header).toEqual(['order', 'stage', 'timestamp', 'customer'])
  expect(preview?.rows).toHaveLength(50)
  expect(preview?.rows.slice(0, 3)).toMatchObject([
    { line: 2, rejection: { column: 'stage', code: 'unknown_stage' }, events: [{ stage: 'closed' }] },
    { line: 3, rejection: { column: 'timestamp' }, events: [], cells: ['B', 'pack', 'soon', `${'y'.repeat(120)}…`] },
    { line: 4, events: [{ type: 'stage.entered', order: 'C', stage: 'pack', data: { customer: '7' } }] },
  ])
})

test('a remark says in codes what it is about and which field of the mapping changes it', async () => {
  const { remarks, columns } = await reportOf('made by ERP\n\norder;stage;timestamp;x\nA;pack;2026-01-02T00:00:00Z;\n')
  expect(remarks).toMatchObject([{ code: 'preamble_skipped', count: 1, lines: [3], fix: 'skipLines' }])
  expect(columns.ignored).toEqual([{ header: 'x', place: 4 }])
})

/** The remarks about a file of these rows, by code. */
async function remarksOf(header: string, rows: readonly string[], mapping: ImportMapping = {}) {
  const { remarks } = await reportOf([header, ...rows, ''].join('\n'), { timezone: 'UTC', ...mapping })
  return Object.fromEntries(remarks.map(({ code, count, lines, fix, text }) => [code, { count, lines, fix, text }]))
}
const day = (number: number, month = 1) => `2026-${String(month).padStart(2, '0')}-${String(number).padStart(2, '0')}`

test('columns that are not used are named, with what would make them count', async () => {
  const header = 'order,stage,timestamp,start_time,lifecycle,time zone'
  const row = `A,pick,${day(2)}T09:00:00,${day(2)}T08:00:00,complete,CET`
  const entered = await remarksOf(header, [row], { as: 'entered' })
  expect(entered['start_not_used']).toMatchObject({ count: 1, fix: 'as' })
  expect(entered['start_not_used']?.text).toBe('start_time is not used: a row says what happened at one time')
  expect(entered['lifecycle_not_used']).toMatchObject({ count: 1, fix: 'as' })
  expect(entered['zone_not_used']?.text).toContain('time zone is not used: all times without offset are read in UTC')
  const lifecycle = await remarksOf(header, [row], { as: 'lifecycle' })
  expect(Object.keys(lifecycle)).toEqual(expect.arrayContaining(['start_not_used', 'zone_not_used']))
  expect(lifecycle).not.toHaveProperty('lifecycle_not_used')
  expect(await remarksOf(header, [row], { as: 'activity' })).not.toHaveProperty('start_not_used')
  const typed = await remarksOf(`${header},event_type`, [`${row},stage.entered`])
  for (const code of ['start_not_used', 'lifecycle_not_used']) expect(typed).not.toHaveProperty(code)
})

test('a header that says UTC is doubted when its times are read in another zone', async () => {
  const rows = [`A,pick,${day(2)}T09:00:00`, `A,pack,${day(3)}T09:00:00`]
  const told = (of: readonly string[], timezone: string) =>
    remarksOf('order,stage,Time (UTC)', of, { timezone, columns: { time: '3' } })
  expect((await told(rows, 'Asia/Shanghai'))['header_zone']).toMatchObject({ count: 2, fix: 'timezone' })
  for (const timezone of ['UTC', 'Etc/UTC', 'Etc/GMT']) {
    expect(await told(rows, timezone)).not.toHaveProperty('header_zone')
  }
  const zoned = rows.map((row) => `${row}Z`)
  expect(await told(zoned, 'Asia/Shanghai')).not.toHaveProperty('header_zone')
})

test('rows of which the newest stand first are said to be read from below', async () => {
  const descending = Array.from({ length: 20 }, (_, i) => `A-${i % 4},pick,${day(28 - i)}T09:00:00`)
  expect((await remarksOf('order,stage,timestamp', descending))['read_upward']).toMatchObject({ count: 1 })
  expect(await remarksOf('order,stage,timestamp', descending.toReversed())).not.toHaveProperty('read_upward')
})

test('a begin after the end is left out, and the rows are counted', async () => {
  const rows = [10, 8, 11].map(
    (hour, i) => `A,s${i},${day(2)}T09:00:00,${day(2)}T${String(hour).padStart(2, '0')}:00:00`,
  )
  const header = 'order,stage,timestamp,start_time'
  const two = await remarksOf(header, rows, { as: 'activity' })
  expect(two['starts_ignored']?.text).toBe('2 rows begin after they end; the begin was left out')
  const one = await remarksOf(header, rows.slice(1), { as: 'activity' })
  expect(one['starts_ignored']?.text).toBe('1 row begins after it ends; the begin was left out')
  expect(await remarksOf(header, rows.slice(1, 2), { as: 'activity' })).not.toHaveProperty('starts_ignored')
})

test('numbers of orders that are used again are named, or told apart when that is asked for', async () => {
  const rows = ['A', 'B'].flatMap((order) => [
    `${order},pick,${day(1)}T00:00:00`,
    `${order},pick,${day(1, 9)}T00:00:00`,
  ])
  const header = 'order,stage,timestamp'
  const both = await remarksOf(header, rows)
  expect(both['reused_orders']).toMatchObject({ count: 2, fix: 'reuseAfter' })
  expect(both['reused_orders']?.text).toContain('2 orders begin again more than 180 days after the last event (A: 243')
  expect((await remarksOf(header, rows.slice(0, 2)))['reused_orders']?.text).toContain('1 order begins again')
  expect(await remarksOf(header, rows.slice(1, 3))).not.toHaveProperty('reused_orders')
})

test('lines of orders are summed, and those apart from the others are named', async () => {
  const header = 'order,customer,quantity'
  const rows = ['A,x,1', 'A,x,2', 'B,y,3']
  const lines = await remarksOf(header, rows, { rows: 'orders' })
  expect(lines['order_lines']).toMatchObject({ count: 1 })
  expect(lines['order_lines']?.text).toContain('1 order of several rows (2; A: 2)')
  expect(lines).not.toHaveProperty('spread_orders')
  const spread = await remarksOf(header, [...rows, 'A,x,4'], { rows: 'orders' })
  expect(spread['spread_orders']).toMatchObject({ count: 1, lines: [5] })
  expect(await remarksOf(header, rows.slice(1), { rows: 'orders' })).not.toHaveProperty('order_lines')
})

test('an order with very many rows is named, three of them at most', async () => {
  const rows = (order: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${order},pick,${new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString()}`)
  const header = 'order,stage,timestamp'
  const one = await remarksOf(header, [...rows('ADJ-000', 10_000), ...rows('A', 9_999)])
  expect(one['crowded_orders']).toMatchObject({ count: 1 })
  expect(one['crowded_orders']?.text).toContain('1 order has 10,000 rows or more (ADJ-000: 10000): ')
  const four = await remarksOf(
    header,
    ['A', 'B', 'C', 'D'].flatMap((order) => rows(order, 10_000)),
  )
  expect(four['crowded_orders']?.text).toContain(
    '4 orders have 10,000 rows or more (A: 10000, B: 10000, C: 10000, …): ',
  )
})

test('how rows are read is said, and whether that was only proposed', async () => {
  const rows = `order,stage,timestamp\nA,pick,${day(2)}T08:00:00Z\n`
  expect((await reportOf(rows)).meaning).toMatchObject({ rows: 'events', isProposed: true })
  expect((await reportOf(rows, { as: 'completed' })).meaning).toEqual({
    rows: 'events',
    as: 'completed',
    isProposed: false,
  })
  const typed = `order,stage,timestamp,event_type\nA,pick,${day(2)}T08:00:00Z,stage.entered\n`
  expect((await reportOf(typed)).meaning).toEqual({ rows: 'events', isProposed: false })
  expect((await reportOf('order,customer\nA,x\n', { rows: 'orders' })).meaning).toEqual({
    rows: 'orders',
    isProposed: false,
  })
  const { columns, stageNames } = await reportOf(
    `stage,x,order,,timestamp\npick,,A,,${day(2)}T08:00:00Z\nPick,,A,,${day(3)}T08:00:00Z\npick,,B,,${day(3)}T08:00:00Z\n`,
  )
  expect(columns.used.map(({ name, place }) => [name, place])).toEqual([
    ['stage', 1],
    ['order', 3],
    ['time', 5],
  ])
  expect(columns.ignored).toEqual([{ header: 'x', place: 2 }])
  expect(stageNames).toEqual({
    first: [
      { stage: 'pick', rows: 2 },
      { stage: 'Pick', rows: 1 },
    ],
    alike: [['pick', 'Pick']],
  })
})
