import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

await withData()

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand([...args, '--json'], terminal)
  const noted = terminal.noted.filter(
    (line) => !/^(?:(?:read as|columns:|times from) |\d+ times? without a zone )/.test(line),
  )
  return { code, result: JSON.parse(terminal.printed.join('')) as unknown, noted }
}

const log = `order_id,stage,timestamp,customer
SO-1,pick,2026-01-02T08:00:00+08:00,ACME
SO-1,pack,2026-01-02T09:00:00+08:00,ACME
SO-1,pack,2026-01-02T09:00:00+08:00,ACME
SO-2,pick,2026-01-02T08:30:00+08:00,ACME
`

test('a file is imported once, however often, and with rows in another order', async () => {
  const path = writtenFile(log)
  const first = await run('import', path, '--discover', '--site', 'once')
  expect(first).toMatchObject({
    code: 0,
    result: { rows: 4, accepted: 3, duplicate: 1, rejected: 0, orders: 2, stages: 2 },
  })
  expect(first.noted).toEqual([
    '1 row equals another one in every cell and counts once (line 4); with --duplicates keep each counts',
  ])
  const [header = '', ...rows] = log.trimEnd().split('\n')
  const reversed = writtenFile([header, ...rows.toReversed()].join('\n'))
  expect((await run('import', reversed, '--site', 'once')).result).toMatchObject({ accepted: 0, duplicate: 4 })
  expect(await run('doctor', '--site', 'once')).toMatchObject({ code: 0, result: { ok: true } })
  expect((await run('rebuild', '--site', 'once')).result).toMatchObject({ orders: 2, visits: 3, events: 3 })
  expect((await run('import', path, '--duplicates', 'keep', '--site', 'once', '--replace')).result).toMatchObject({
    accepted: 4,
    duplicate: 0,
  })
})

test('rows that the server rejects are reported by line and column', async () => {
  await run('import', writtenFile(log), '--discover', '--site', 'rejects')
  const more = '订单号,环节,时间\nSO-3,ship,2026-01-03T08:00:00Z\n\nSO-3,pick,2026-01-03T09:00:00Z\n'
  const { code, result, noted } = await run('import', writtenFile(more), '--site', 'rejects')
  expect({ code, result }).toMatchObject({ code: 1, result: { rows: 2, accepted: 1, duplicate: 0, rejected: 1 } })
  expect(noted).toEqual([expect.stringMatching(/^line 2: 环节: .*\(unknown_stage\)$/)])
})

test('columns are read as a whole, in a dry run and in the real one alike', async () => {
  const rows = [
    'SO-1;pick;03.11.2026 08:00;NULL',
    'SO-1;pack;20.11.2026 09:00;1753-01-01',
    '="000123";pick;03.11.2026 24:00;soon',
  ]
  const path = writtenFile(['order_id;stage;timestamp;due_at', ...rows].join('\n'))
  const options = ['--timezone', 'Asia/Shanghai', '--site', 'columns']
  const dry = await run('import', path, '--dry-run', ...options)
  const real = await run('import', path, '--discover', ...options)
  expect(dry).toMatchObject({ code: 0, result: { rows: 3, accepted: 3, rejected: 0, orders: 2 } })
  expect(real).toMatchObject({ code: 0, result: { rows: 3, accepted: 3, rejected: 0, orders: 2 } })
  expect(real.noted).toEqual(dry.noted)
  expect(real.noted).toEqual([
    'timestamp: times read as 3 cells dd.MM.yyyy',
    'due_at: 1 cell read as empty; line 2: NULL',
    'due_at: 1 cell read as empty, because they stand for no date; line 3: 1753-01-01',
    'due_at: 1 cell left out; line 4: soon (soon is no time; write it like 2026-01-02T08:05:00+08:00)',
    'order_id: 1 cell without the guard against spreadsheets around it; line 4: ="000123"',
  ])
  expect((await run('rebuild', '--site', 'columns')).result).toMatchObject({ orders: 2, visits: 3, events: 3 })
})

test('an ambiguous column is rejected until its format is told', async () => {
  const path = writtenFile('order_id,stage,timestamp\nSO-1,pick,03/11/2026 08:00\nSO-1,pack,04/11/2026 08:00\n')
  const options = ['--dry-run', '--timezone', 'UTC']
  const refused = await run('import', path, ...options)
  expect(refused).toMatchObject({ code: 1, result: { accepted: 0, rejected: 2 } })
  expect(refused.noted[0]).toContain('say with --time-format whether it is dd/MM/yyyy or MM/dd/yyyy')
  expect(refused.noted).toContain('timestamp: times read as 2 cells dd/MM/yyyy or MM/dd/yyyy (ambiguous)')
  const told = await run('import', path, '--time-format', 'dd/MM/yyyy HH:mm', ...options)
  expect(told).toMatchObject({ code: 0, result: { accepted: 2, rejected: 0 } })
})

test('numbers that may have decimals or thousands are read by the point, with a remark', async () => {
  const path = writtenFile('order_id;amount;quantity\nSO-1;1,234;0,5\nSO-2;2,500;1,234\n')
  const dry = await run('import', path, '--orders', '--dry-run')
  expect(dry).toMatchObject({ code: 0, result: { accepted: 2, rejected: 0 } })
  expect(dry.noted).toEqual([
    'amount: 2 cells such as 1,234 may have decimals or thousands, read as thousands; else say --decimal-comma',
  ])
})

test('facts of orders move no order', async () => {
  await run('import', writtenFile(log), '--discover', '--site', 'facts')
  const orders = writtenFile('order_id,quantity,due_at\nSO-1,5,2026-01-09T00:00:00Z\nSO-2,7,\n')
  expect((await run('import', orders, '--orders', '--site', 'facts')).result).toMatchObject({ accepted: 2, stages: 0 })
  expect((await run('import', orders, '--orders', '--site', 'facts')).result).toMatchObject({ duplicate: 2 })
  expect((await run('rebuild', '--site', 'facts')).result).toMatchObject({ orders: 2, visits: 3, events: 5 })
})

test('a key is printed once, and is another every time', async () => {
  const create = ['key', 'create', '--name', 'wms', '--scope', 'ingest,read'] as const
  const [one, two] = [await run(...create), await run(...create)]
  expect(one).toMatchObject({ code: 0, result: { key: expect.any(String) } })
  expect(two.result).not.toEqual(one.result)
})

test('the report says how the file was understood', async () => {
  const path = writtenFile(
    'Case ID;Activity;Complete Timestamp;Start Timestamp;note\n1;Packing line;2026-01-02 09:00;2026-01-02 08:30;x\n1;packing_line;2026-01-03;;\n2;;2026-01-03 10:00;;\n',
  )
  const terminal = testTerminal()
  await runCommand(['import', path, '--dry-run', '--timezone', 'Asia/Shanghai', '--json'], terminal)
  expect(terminal.noted).toEqual([
    'read as CSV, utf-8, delimiter semicolon, 4 lines, 3 rows',
    'columns: order ← Case ID, stage ← Activity, time ← Complete Timestamp, startedAt ← Start Timestamp; ignored: note',
    'a row is an activity, from Start Timestamp to Complete Timestamp; else say --as entered or completed',
    'line 4: Activity: is empty (missing_field)',
    'times from 2026-01-02T01:00:00Z to 2026-01-03T02:00:00Z',
    '4 times without a zone were read in the zone Asia/Shanghai; choose another with --timezone',
    '1 row with a day and no time of day: the day begins at midnight',
    'stages that look alike: Packing line / packing_line',
  ])
  expect(JSON.parse(terminal.printed.join(''))).toMatchObject({
    rows: 3,
    accepted: 2,
    rejected: 1,
    file: { kind: 'csv', delimiter: ';', lines: { total: 4, header: 1, rows: 3 } },
    columns: {
      used: expect.arrayContaining([{ name: 'time', header: 'Complete Timestamp', place: 3 }]),
      ignored: [{ header: 'note', place: 5 }],
    },
    meaning: { rows: 'events', as: 'activity', isProposed: true },
    times: [{ name: 'time', dateRows: 1, span: { earliestAt: Date.UTC(2026, 0, 2, 1) } }, { name: 'startedAt' }],
    rejections: [{ column: 'Activity', code: 'missing_field', count: 1, first: [{ line: 4 }] }],
    stageNames: { alike: [['Packing line', 'packing_line']] },
  })
})

test('all columns that are missing are named at once, with those that the file has', async () => {
  const terminal = testTerminal()
  const path = writtenFile('Nr,Schritt,Wann\nA-1,pick,2026-01-02T08:00:00Z\n')
  expect(await runCommand(['import', path, '--dry-run'], terminal)).not.toBe(0)
  const said = terminal.noted.join('\n')
  expect(said).toContain('no columns for order, such as ')
  expect(said).toContain('; for stage, such as ')
  expect(said).toContain('; for time, such as ')
  expect(said).toContain('it has: Nr, Schritt, Wann')
  expect(said).toContain('--column order=HEADER --column stage=HEADER --column time=HEADER')
})

test('the report says in which zone times without one were read, and how to say another', async () => {
  const noted = async (time: string, ...options: string[]) => {
    const terminal = testTerminal()
    const path = writtenFile(`order_id,stage,timestamp\nA-1,pick,${time}\nA-1,pack,2026-01-03T09:00:00Z\n`)
    await runCommand(['import', path, '--dry-run', '--discover', ...options], terminal)
    return terminal.noted.filter((line) => line.includes('without a zone'))
  }
  expect(await noted('2026-01-02 08:00', '--timezone', 'Asia/Shanghai')).toEqual([
    '1 time without a zone was read in the zone Asia/Shanghai; choose another with --timezone',
  ])
  expect(await noted('2026-01-02T08:00:00+08:00', '--timezone', 'Asia/Shanghai')).toEqual([])
})
