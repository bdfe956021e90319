import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'
import { withoutData } from './testing/command-data.ts'

withoutData()

async function dryRun(path: string, ...options: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(['import', path, '--dry-run', '--timezone', 'UTC', '--json', ...options], terminal)
  const printed = terminal.printed.join('')
  const report = printed === '' ? undefined : (JSON.parse(printed) as ImportReport)
  return { code, noted: terminal.noted.join('\n'), report }
}

const wide = () =>
  writtenFile(
    [
      'order_id,status,purchased,approved,estimated_delivery,delivered,customer',
      'A,done,2026-11-01 10:00:00,2026-11-01 10:20:00,2026-11-20,2026-11-06 16:00:00,ACME',
      'B,open,2026-11-02 10:00:00,,2026-11-20,,Beta',
      'C,open,,,2026-11-20,,Beta',
      'D,done,soon,2026-11-02 10:20:00,2026-11-20,2026-11-07 16:00:00,Beta',
      '',
    ].join('\n'),
  )

test('a file with a column for each milestone is proposed to be read so, and is', async () => {
  const refused = await dryRun(wide())
  expect(refused).toMatchObject({ code: 1, noted: expect.stringContaining('say --wide') })
  expect(refused.noted).toContain('several columns of times (approved, delivered)')
  const mended = readFileSync(wide(), 'utf8').replace('soon', '2026-11-02 10:00:00')
  const { code, report, noted } = await dryRun(writtenFile(mended), '--wide')
  expect(code).toBe(0)
  expect(report).toMatchObject({
    accepted: 7,
    rejected: 0,
    orders: 3,
    stages: 3,
    meaning: { rows: 'wide', as: 'entered' },
  })
  expect(noted).toContain('purchased ← purchased, approved ← approved, delivered ← delivered')
  expect(noted).toContain('promisedAt ← estimated_delivery')
  expect(noted).toContain('1 row without any milestone, of which nothing is read (line 4)')
})

test('a state now beside several times is not taken for the stage of an event', async () => {
  const rows = ['A,shipped,2026-11-01 10:00,2026-11-03 10:00', 'B,placed,2026-11-02 10:00,']
  const path = writtenFile(['订单号,状态,下单时间,发货时间', ...rows, ''].join('\n'))
  const refused = await dryRun(path)
  expect(refused).toMatchObject({ code: 1, noted: expect.stringContaining('状态 may be its state now') })
  expect((await dryRun(path, '--wide')).report).toMatchObject({ accepted: 3, stages: 2 })
  expect((await dryRun(path, '--column', 'stage=状态')).report).toMatchObject({ accepted: 2, stages: 2 })
  const events = writtenFile(
    ['订单号,状态,下单时间,发货时间', ...rows, rows[0]?.replace('shipped', 'placed'), ''].join('\n'),
  )
  expect((await dryRun(events)).report).toMatchObject({ accepted: 3, meaning: { rows: 'events' } })
})

test('a day and a time of day in two columns are read together, whatever the columns are called', async () => {
  for (const header of ['date,time', '日期,时间', 'Datum,Uhrzeit', 'day,timestamp']) {
    const path = writtenFile(`order_id,stage,${header}\nA,placed,05.03.2024,10:05\nA,packed,16.03.2024,2:05 PM\n`)
    const { code, report } = await dryRun(path)
    expect([header, code]).toEqual([header, 0])
    const [earliestAt, latestAt] = [Date.UTC(2024, 2, 5, 10, 5), Date.UTC(2024, 2, 16, 14, 5)]
    expect(report?.times).toMatchObject([{ name: 'time', span: { earliestAt, latestAt } }])
  }
  const duration = writtenFile('order_id,stage,date,cycle time\nA,placed,2024-03-05,10:05\nA,packed,2024-03-06,02:05\n')
  expect((await dryRun(duration)).report).toMatchObject({ times: [{ dateRows: 2 }] })
  const clocks = await dryRun(writtenFile('order_id,stage,time\nA,placed,10:05\n'))
  expect(clocks).toMatchObject({ code: 1, noted: expect.stringContaining('10:05 is a time of day without a date') })
})

test('a column of zones is named, because it is not used', async () => {
  const path = writtenFile('order_id,stage,timestamp,Time Zone\nA,placed,2024-03-05 10:00,Europe/Berlin\n')
  const { noted, report } = await dryRun(path)
  expect(report?.remarks).toMatchObject([{ code: 'zone_not_used', params: { column: 'Time Zone', zone: 'UTC' } }])
  expect(noted).toContain('Time Zone is not used: all times without offset are read in UTC')
})

test('a mapping names the milestones, and what is rejected can be mended', async () => {
  const columns = { customer: 'customer' }
  const milestones = [
    { column: 'purchased', stage: 'sale' },
    { column: '6', stage: 'handed over' },
  ]
  const mapping = writtenFile(JSON.stringify({ rows: 'wide', columns, milestones }))
  const path = wide()
  const errors = join(dirname(path), 'errors.csv')
  const { code, report } = await dryRun(path, '--map', mapping, '--errors', errors)
  expect(code).toBe(1)
  expect(report).toMatchObject({ accepted: 4, rejected: 1, orders: 3 })
  expect(report?.stageNames.first.map(({ stage }) => stage).toSorted()).toEqual(['handed over', 'sale'])
  const mended = writtenFile(readFileSync(errors, 'utf8').replaceAll('soon', '2026-11-02 09:00:00'))
  expect(await dryRun(mended, '--map', mapping)).toMatchObject({
    code: 0,
    report: { accepted: 1, orders: 1, stageNames: { first: [{ stage: 'sale', rows: 1 }] } },
  })
})

test('the items of an order, each in a row, tell its milestones once', async () => {
  const header = 'Name,Financial Status,Paid at,Fulfilled at,Created at,Lineitem name'
  const rows = [
    '#1,paid,2026-11-01 10:05:00 +0100,,2026-11-01 10:00:00 +0100,Mug',
    '#1,,,,2026-11-01 10:00:00 +0100,Cup',
  ]
  const { report, noted } = await dryRun(writtenFile([header, ...rows, ''].join('\n')))
  expect(report).toMatchObject({ accepted: 2, orders: 1, stages: 2, meaning: { rows: 'wide' } })
  expect(noted).toContain('read as an export of Shopify, orders')
  expect(noted).toContain('1 milestone repeated in a further row of the same order (line 3)')
})

test('a column of numbers is not taken for the stages', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `SO-${i},T${i},2026-11-01T00:00:00Z`)
  const path = writtenFile(['order,stage,timestamp', ...rows, ''].join('\n'))
  expect(await dryRun(path)).toMatchObject({ code: 0, report: { stages: 40 } })
  const refused = await dryRun(path, '--max-stages', '39')
  expect(refused.code).toBe(1)
  expect(refused.noted).toContain(
    'the column stage, read as the stage, has more than 39 different values (T0, T1, T2 …)',
  )
  expect(await dryRun(path, '--max-stages', '40')).toMatchObject({ code: 0 })
})

test('the exports that are known are listed, and one can be chosen or none', async () => {
  const terminal = testTerminal()
  expect(await runCommand(['import', '--presets'], terminal)).toBe(0)
  expect(terminal.printed).toContainEqual(expect.stringMatching(/^kingdee +金蝶云星空，销售订单; rows are orders$/))
  const path = writtenFile('单据编号,日期,客户,单据状态\nXS1,2026-11-03,ACME,已审核\n')
  expect(await dryRun(path)).toMatchObject({ code: 0, report: { accepted: 1, meaning: { rows: 'orders' } } })
  const asEvents = ['--preset', 'none', '--column', 'time=日期']
  expect(await dryRun(path, ...asEvents)).toMatchObject({ report: { accepted: 1, meaning: { rows: 'events' } } })
  expect(await dryRun(path, '--preset', 'excel')).toMatchObject({
    code: 2,
    noted: expect.stringContaining('--preset takes one of none, pm4py'),
  })
})
