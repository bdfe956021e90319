import { writtenFile } from '@stagewatch/server/ingest/files/testing/written-file.ts'
import { workbookOf } from '@stagewatch/server/ingest/tables/testing/workbook.ts'
import { describe, expect, test } from 'vitest'
import type { ImportedCase } from './import-case.ts'
import { importCase, visitsOf } from './import-case.ts'

/** Stage and entry of the visits of an order. */
const entriesOf = (read: ImportedCase, order: string) => visitsOf(read, order).map(([stage, at]) => [stage, at])
const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i)).join('')

describe('times', () => {
  test.for(['2:05 (PM)', '2:05 (nachmittags)', '2:05 (local)', '2:05 (CET)', '(2:05 PM)'])(
    'of which a part stands in brackets are not read without it: %s',
    async (clock) => {
      const { orders, reports } = await importCase([writtenFile(`order_id,stage,time\nA,pick,2026-11-03 ${clock}\n`)])
      expect(orders.size).toBe(0)
      expect(reports[0]).toMatchObject({ rejected: 1, rejections: [{ column: 'time' }] })
    },
  )

  test('before 1970 are named as that', async () => {
    const { reports } = await importCase([writtenFile('order_id,stage,time\nA,pick,0026-11-03 08:00\n')])
    expect(reports[0]?.rejections[0]?.first[0]?.message).toContain('0026-11-03 08:00 is before 1970')
  })

  test.for([
    'cycle time',
    'Processing Time',
    'Bearbeitungszeit',
    'Rüstzeit',
    'Heures travaillées',
    '加工时间',
    '所要時間',
  ])('of day are not taken from a column of durations: %s', async (header) => {
    const read = await importCase([writtenFile(`order_id,stage,date,${header}\nA,pick,2026-11-03,01:30\n`)])
    expect(entriesOf(read, 'A')).toEqual([['pick', '2026-11-03T00:00']])
    expect(read.reports[0]).toMatchObject({ columns: { ignored: [{ header }] }, times: [{ dateRows: 1 }] })
  })

  test.for([
    ['Uhrzeit', '143000'],
    ['Time', '0.6041666667'],
    ['time of day', '14:30'],
    ['Pick time', '2:30 PM'],
    ['EventTime', '14:30:00'],
    ['操作时间', '下午2:30'],
  ] as const)('of day are joined with the day: %s', async ([header, clock]) => {
    const text = `order_id,stage,pick date,${header}\nA,pick,2026-11-03,${clock}\n`
    const read = await importCase(
      [writtenFile(text.replace('pick date', header === 'Pick time' ? 'Pick date' : 'date'))],
      {
        columns: header === 'Pick time' ? { time: 'Pick date', timeOfDay: header } : {},
      },
    )
    expect(entriesOf(read, 'A')).toEqual([['pick', '2026-11-03T14:30']])
  })

  test('in a column that says UTC are doubtful if read in another zone', async () => {
    const path = writtenFile('order_id,stage,Created (UTC)\nA,pick,2026-11-03 08:00\n')
    const mapping = { columns: { time: 'Created (UTC)' }, timezone: 'Europe/Berlin' }
    const params = { column: 'Created (UTC)', zone: 'Europe/Berlin' }
    expect((await importCase([path], mapping)).reports[0]?.remarks).toMatchObject([{ code: 'header_zone', params }])
    expect((await importCase([path], { ...mapping, timezone: 'UTC' })).reports[0]?.remarks).toEqual([])
  })

  test('that count the days since 1904 are read so without a format too', async () => {
    const text = (ref: string, value: string) => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`
    const xml = `<sheetData><row r="1">${text('A1', 'order_id')}${text('B1', 'stage')}${text('C1', 'time')}</row><row r="2">${text('A2', 'A')}${text('B2', 'pick')}<c r="C2"><v>44867.5</v></c></row></sheetData>`
    const read = await importCase([writtenFile(workbookOf({ sheets: [{ name: 'S', xml }], since1904: true }))])
    expect(entriesOf(read, 'A')).toEqual([['pick', '2026-11-03T12:00']])
  })
})

test('dates with names of months in any of the languages are read, and doubtful ones are named', async () => {
  const times = ['5 марта 2026', '12 de março de 2026 14:30', '15 kwi 2026', '3 lis 2026 08:00']
  const read = await importCase([writtenFile(`order_id,stage,time\n${rows(4, (i) => `SO-${i},pick,${times[i]}\n`)}`)])
  expect([0, 1, 2].map((i) => entriesOf(read, `SO-${i}`))).toEqual([
    [['pick', '2026-03-05T00:00']],
    [['pick', '2026-03-12T14:30']],
    [['pick', '2026-04-15T00:00']],
  ])
  const [rejection] = read.reports[0]?.rejections ?? []
  expect(read.reports[0]).toMatchObject({ rejected: 1, rejections: [{ column: 'time' }] })
  expect(rejection?.first[0]?.message).toContain('October in Croatian and November in Polish')
})

test('quantities are read with the word for pieces that follows them, and amounts are not', async () => {
  const cells = ['5 Stk', '3 szt.', '1.200,5 pcs', '7 kg']
  const text = `order_id;stage;time;quantity;amount\n${rows(4, (i) => `SO-${i};pick;2026-11-03 08:00;${cells[i]};9 Stk\n`)}`
  const { events, reports } = await importCase([writtenFile(text)])
  expect(events.map(({ data }) => [data['quantity'], data['amount']])).toEqual([
    [5, undefined],
    [3, undefined],
    [1200.5, undefined],
    [undefined, undefined],
  ])
  expect(reports[0]?.cells).toMatchObject([
    { column: 'amount', cause: 'unreadable', count: 4 },
    { column: 'quantity', cause: 'unreadable', count: 1 },
  ])
})

describe('milestones', () => {
  test('are kept if some cells are no times, or say that there is none', async () => {
    const path = writtenFile(
      'order_id,placed,packed,shipped\nA,13.11.2026 08:00,13.11.2026 09:00,00.00.0000\nB,13.11.2026 08:00,in progress,NULL\nC,13.11.2026 08:00,13.11.2026 10:00,1900-01-01\n',
    )
    const read = await importCase([path], { rows: 'wide' })
    expect(entriesOf(read, 'A')).toEqual([
      ['placed', '2026-11-13T08:00'],
      ['packed', '2026-11-13T09:00'],
    ])
    expect(entriesOf(read, 'C')).toEqual([
      ['placed', '2026-11-13T08:00'],
      ['packed', '2026-11-13T10:00'],
    ])
    expect(read.reports[0]).toMatchObject({ rejected: 1, orders: 3, stages: 2 })
    expect(read.reports[0]?.rejections[0]?.first[0]?.message).toContain('in progress is no time')
  })

  test('that few orders reach are found wherever they stand', async () => {
    const text = rows(150, (i) => `A${i},2026-11-03 08:00,${i === 140 ? '2026-11-03 10:00' : ''}\n`)
    const read = await importCase([writtenFile(`order_id,placed,cancelled\n${text}`)], { rows: 'wide' })
    expect(entriesOf(read, 'A140')).toEqual([
      ['placed', '2026-11-03T08:00'],
      ['cancelled', '2026-11-03T10:00'],
    ])
  })
})

describe('totals', () => {
  test('between the rows are no orders', async () => {
    const path = writtenFile(
      'Auftrag;Kunde;Menge;Betrag\nA;ACME;1;10,00\nSumme ACME;;1;10,00\nB;Foo;1;20,00\nFoo Total;;1;20,00\nTOTAL-7;Foo;1;5,00\nSumme;;3;35,00\n',
    )
    const { events, reports } = await importCase([path], { rows: 'orders' })
    expect(events.map(({ order }) => order)).toEqual(['A', 'B', 'TOTAL-7'])
    expect(reports[0]?.rejections).toMatchObject([
      { column: 'Auftrag', count: 2, first: [{ message: 'Summe ACME is a total, not an order' }, {}] },
    ])
  })

  test('with a cell in each column are no orders either', async () => {
    const path = writtenFile('order_id,stage,time\nA,pick,2026-11-03 08:00\nTotal,1 row,2026-11-20\n')
    const { orders, reports } = await importCase([path])
    expect([...orders.keys()]).toEqual(['A'])
    expect(reports[0]).toMatchObject({ rejected: 1 })
  })
})

describe('a file that ends within its last cell', () => {
  test.for([
    ['stage', 'order_id,time,stage\nA,2026-11-03 08:00,packing\nB,2026-11-03 09:00,pack'],
    [
      'order_id',
      `stage,time,order_id\n${rows(12, (i) => `pick,2026-11-03 08:00,SO-${1000 + i}\n`)}pick,2026-11-03 08:00,SO-1`,
    ],
  ] as const)('loses that row if it is the %s', async ([column, text]) => {
    const { reports } = await importCase([writtenFile(text)])
    expect(reports[0]).toMatchObject({ rejected: 1, rejections: [{ column }] })
    // With its line end, the same row is whole.
    expect((await importCase([writtenFile(`${text}\n`)])).reports[0]).toMatchObject({ rejected: 0 })
  })

  test('loses only that cell if it is an amount', async () => {
    const whole = rows(12, (i) => `A${i},pick,2026-11-03 08:00,1234.50\n`)
    const { events, reports } = await importCase([
      writtenFile(`order_id,stage,time,amount\n${whole}B,pick,2026-11-03 08:00,12`),
    ])
    expect(events.find(({ order }) => order === 'B')?.data).not.toHaveProperty('amount')
    expect(reports[0]).toMatchObject({ rejected: 0, cells: [{ column: 'amount', cause: 'unreadable', count: 1 }] })
  })
})

test('rows that are rejected for different causes are told apart, each with its own', async () => {
  const path = writtenFile(
    'order_id,stage,time,customer\n1.2E+05,pick,2026-11-03 08:00,A\nTotal,pick,2026-11-03 08:00,A\nB,pick,1900-01-01,A\nC,pick,03/11/2026 08:00,A\nD,pick,2026-11-03 08:00,A,Inc\norder_id,customer,stage,time\nE,A,pick,2026-11-03 08:00\n',
  )
  const { reports } = await importCase([path])
  const causes = reports[0]?.rejections.map(({ column, cause, count }) => [column, cause, count])
  expect(causes?.toSorted()).toEqual([
    ['', 'extra_cells', 1],
    ['', 'other_table', 2],
    ['order_id', 'rounded', 1],
    ['order_id', 'total', 1],
    ['time', 'ambiguous_date', 1],
    ['time', 'placeholder', 1],
  ])
})
