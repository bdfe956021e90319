import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { encodeText } from '../ingest/tables/testing/encode-text.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'
import { withoutData } from './testing/command-data.ts'

withoutData()

async function dryRun(path: string, ...options: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(['import', path, '--dry-run', '--json', ...options], terminal)
  const printed = terminal.printed.join('')
  return { code, noted: terminal.noted, result: printed === '' ? undefined : (JSON.parse(printed) as object) }
}

const file = () =>
  writtenFile('Vorgang;Schritt;Tag;Uhrzeit;Kunde\n1;Prüfung;03.04.2026;08:30;leer\n1;Versand;04.04.2026;09:15;ACME\n')
const mapping = {
  columns: { order: 'Vorgang', stage: 'Schritt', time: 'Tag', timeOfDay: 'Uhrzeit', customer: 'Kunde' },
  timezone: 'Europe/Berlin',
  timeFormat: 'dd.MM.yyyy HH:mm',
  nulls: ['leer'],
}

test.for([
  [
    '--orders',
    'stage=Schritt',
    'a row per order, which has no column stage: leave out --column stage=…; it can have order, ',
  ],
  ['--wide', 'time=Tag', 'a row per order with a column for each milestone, which has no column time'],
] as const)('with %s, the column %s is refused and not ignored', async ([kind, column, reason]) => {
  const { code, noted } = await dryRun(file(), kind, '--column', 'order=Vorgang', '--column', column)
  expect(code).toBe(1)
  expect(noted.join('')).toContain(reason)
})

test('a mapping says how a file is read, and the command line holds over it', async () => {
  const written = writtenFile(JSON.stringify(mapping))
  const mapped = await dryRun(file(), '--mapping', written)
  expect(mapped).toMatchObject({
    code: 0,
    result: {
      accepted: 2,
      columns: { used: expect.arrayContaining([{ name: 'timeOfDay', header: 'Uhrzeit', place: 4 }]) },
    },
  })
  expect(mapped.noted).toContain('times from 2026-04-03T06:30:00Z to 2026-04-04T07:15:00Z')
  expect(mapped.noted).toContainEqual(expect.stringMatching(/^Kunde: 1 cell read as empty/))
  const over = await dryRun(file(), '--mapping', written, '--timezone', 'UTC', '--time-format', 'MM.dd.yyyy HH:mm')
  expect(over.noted).toContain('times from 2026-03-04T08:30:00Z to 2026-04-04T09:15:00Z')
})

test('options say the same as a mapping', async () => {
  const { columns, timezone, timeFormat } = mapping
  const { order, stage, time, timeOfDay } = columns
  const options = ['--column', `order=${order}`, '--column', `stage=${stage}`]
  const times = ['--date-column', time, '--time-column', timeOfDay, '--time-format', timeFormat, '--timezone', timezone]
  const { noted } = await dryRun(file(), ...options, ...times)
  expect(noted).toContain('times from 2026-04-03T06:30:00Z to 2026-04-04T07:15:00Z')
})

test('options say how the file is written', async () => {
  const lines = ['Export of 2026^^^^', 'order_id^stage^timestamp^product^amount^note']
  const rows = ['A^复核^03/04/2026 08:30^2" pipe "^1.234^none', 'B^发货^04/04/2026 08:30^none^2,5^x^']
  const path = writtenFile(encodeText([...lines, ...rows, ''].join('\n'), 'gb18030'))
  const dialect = ['--encoding', 'gb18030', '--delimiter', '^', '--quote', 'none', '--skip-lines', '1']
  const cells = ['--decimal-comma', '--null', 'none', '--time-format', 'dd/MM/yyyy HH:mm', '--timezone', 'UTC']
  const { code, result, noted } = await dryRun(path, ...dialect, ...cells)
  expect({ code, noted }).toMatchObject({ code: 0 })
  expect(result).toMatchObject({
    file: { encoding: { name: 'gb18030', certainty: 'chosen' }, delimiter: '^', quote: 'none', lines: { preamble: 1 } },
    stageNames: { first: [{ stage: '复核' }, { stage: '发货' }] },
    times: [{ shapes: [{ shape: 'dd/MM/yyyy HH:mm', rows: 2 }] }],
    numbers: [{ sign: ',', unreadableRows: 0 }],
    cells: [{ column: 'product', cause: 'empty_word', count: 1 }],
  })
  const few = await dryRun(path, ...dialect, '--max-stages', '1')
  expect(few.code).toBe(1)
  expect(few.noted.join('\n')).toContain('has more than 1 different values (复核, 发货 …)')
})

test.for([
  ['{', 'is no JSON: '],
  ['[]', 'the whole must be an object'],
  ['{ "kolumns": {} }', 'kolumns is not known here; leave it out'],
  ['{ "columns": { "when": "x" } }', 'columns.when '],
  ['{ "skipLines": -1 }', 'skipLines must be at least 0'],
  ['{ "timezone": "Mars/Base" }', 'timezone takes a name such as Asia/Shanghai'],
  ['{ "encoding": "utf-9" }', 'encoding takes a name such as utf-8'],
  ['{ "timeFormat": "dd.MM" }', 'timeFormat dd.MM: yyyy or dd is missing'],
] as const)('the mapping %s is refused', async ([text, reason]) => {
  const { code, noted } = await dryRun(file(), '--mapping', writtenFile(text))
  expect(code).toBe(1)
  expect(noted.join('\n')).toContain(reason)
})
