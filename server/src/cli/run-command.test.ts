import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'
import { withoutData } from './testing/command-data.ts'

withoutData()

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  return { code, printed: terminal.printed.join('\n'), noted: terminal.noted.join('\n') }
}

test.for(['--version', '-v'])('%s prints the version that package.json has', async (option) => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(await run(option)).toEqual({ code: 0, printed: version, noted: '' })
})

test.for([
  [[], 'usage: stagewatch COMMAND'],
  [['pack'], 'unknown command pack'],
  [['import'], 'name one file'],
  [['import', 'a.csv', 'b.csv'], 'name one file'],
  [['import', 'a.csv', '--wise'], 'unknown option --wise: did you mean --wide?'],
  [['import', 'a.csv', '--termnal', 'x'], 'unknown option --termnal: did you mean --terminal?'],
  [['import', 'a.csv', '--ordesr'], 'unknown option --ordesr: did you mean --orders?'],
  [['import', 'a.csv', '--shift-to-now'], 'unknown option --shift-to-now: it belongs to stagewatch replay'],
  [['import', 'a.csv', '--fast'], 'unknown option --fast\n'],
  [['import', 'a.csv', '--as', 'left'], '--as must be one of: entered, completed'],
  [['import', 'a.csv', '--timezone', 'Mars/Base'], '--timezone takes a name'],
  [['import', 'a.csv', '--terminal', 'x'], '--terminal belongs to --discover'],
  [['import', 'a.csv', '--orders', '--discover'], '--discover needs a row per event'],
  [['import', 'a.csv', '--encoding', 'utf-9'], '--encoding takes a name'],
  [['import', 'a.csv', '--delimiter', ';;'], '--delimiter must be one character'],
  [['import', 'a.csv', '--delimiter', '"'], '--delimiter must be no quote and no line end'],
  [['import', 'a.csv', '--quote', 'single'], '--quote must be one of: double, backslash, none'],
  [['import', 'a.csv', '--skip-lines', '-1'], '--skip-lines'],
  [['import', 'a.csv', '--skip-lines', 'two'], '--skip-lines must be a number'],
  [['import', 'a.csv', '--time-format', 'dd.MM'], '--time-format dd.MM: yyyy or dd is missing'],
  [['import', 'a.csv', '--column', 'when=x'], '--column takes NAME=HEADER'],
  [['import', 'a.csv', '--date-column', 'x'], '--date-column and --time-column belong together'],
  [['replay', 'a.csv'], '--speed takes a number above 0'],
  [['replay', 'a.csv', '--speed', '-1'], "'--speed'"],
  [['replay', 'a.csv', '--speed', '0'], '--speed takes a number above 0'],
  [['replay', 'a.csv', '--speed', '2', '--url', 'nowhere'], '--url takes an address'],
  [['key'], 'create'],
  [['key', 'create', '--name', 'n'], '--scope is missing'],
  [['key', 'create', '--name', 'n', '--scope', 'ingest,write'], 'write is no scope'],
  [['process'], 'list, set'],
  [['process', 'set'], 'name one file'],
  [['process', 'set', 'a.json', '--valid-from', 'tomorrow'], '--valid-from takes a time'],
  [['calendar'], 'list, set, holidays, choose'],
  [['calendar', 'list', 'office'], 'takes no name'],
  [['calendar', 'set'], 'name one file'],
  [['calendar', 'holidays'], 'name one calendar'],
  [['calendar', 'holidays', 'office'], 'name one file or --china'],
  [['calendar', 'holidays', 'office', '2027.ics', '--china'], 'name one file or --china'],
  [['calendar', 'holidays', 'office', '2027.xlsx'], 'should end in .ics'],
  [['calendar', 'choose'], 'name one calendar or --none'],
  [['calendar', 'choose', 'office', '--none'], 'name one calendar or --none'],
  [['rebuild', 'now'], "Unexpected argument 'now'"],
] as const)('%j is wrong usage', async ([args, reason]) => {
  const { code, printed, noted } = await run(...args)
  expect({ code, printed }).toEqual({ code: 2, printed: '' })
  expect(noted).toContain(reason)
  expect(noted).toContain('usage: stagewatch')
})

const names = ['import', 'replay', 'key', 'process', 'calendar', 'migrate', 'rebuild', 'doctor']

test.for(names)('%s --help tells its options', async (name) => {
  expect(await run(name, '--help')).toMatchObject({ code: 0, printed: expect.stringContaining(`stagewatch ${name}`) })
})

test('a dry run reads everything and accounts for every row', async () => {
  const path = writtenFile('order,stage,timestamp\nA,pick,2026-01-02T00:00:00Z\nA,,2026-01-03T00:00:00Z\nB,pick,soon\n')
  const { code, printed } = await run('import', path, '--dry-run', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toMatchObject({ rows: 3, accepted: 1, duplicate: 0, rejected: 2, orders: 1, stages: 1 })
})

test('rejected rows are written with their line and reason, harmless to a spreadsheet', async () => {
  const path = writtenFile('order,stage,timestamp,customer\n=A1,,2026-01-03T00:00:00Z,"a ""b"", c"\nB,pick,soon,\n')
  const errors = join(dirname(path), 'errors.csv')
  await run('import', path, '--dry-run', '--errors', errors)
  expect(readFileSync(errors, 'utf8').split('\r\n')).toEqual([
    '\uFEFForder,stage,timestamp,customer,line,code,field,reason',
    `'=A1,,2026-01-03T00:00:00Z,"a ""b"", c",2,missing_field,stage,is empty`,
    'B,pick,soon,,3,invalid_time,timestamp,soon is no time; write it like 2026-01-02T08:05:00+08:00',
    '',
  ])
})

test('a line whose quote is never closed is rejected by its number, and the others are read', async () => {
  const path = writtenFile('order,stage,timestamp\n"A,pick,2026-01-02T00:00:00Z\nB,"pick",2026-01-02T00:00:00Z\n')
  const { code, printed, noted } = await run('import', path, '--dry-run', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toMatchObject({ rows: 2, accepted: 1, rejected: 1 })
  expect(noted).toContain('line 2: a quote that opens in this line')
})

test('a person can say how a file is to be read', async () => {
  const lines = ['notes|about|orders', 'order|stage|timestamp|customer', 'A|pick|2026-01-02T00:00:00Z|M\u00FCller "A']
  const path = writtenFile(Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
  const options = ['--encoding', 'windows-1252', '--delimiter', '|', '--quote', 'none', '--skip-lines', '1']
  const { code, printed } = await run('import', path, ...options, '--dry-run', '--json')
  expect({ code, ...(JSON.parse(printed) as object) }).toMatchObject({ code: 0, rows: 1, accepted: 1 })
  expect(await run('import', path, '--skip-lines', '0', '--dry-run')).toMatchObject({ code: 1 })
})

test('a file that does not exist is refused', async () => {
  expect(await run('import', '/nowhere/events.csv', '--dry-run')).toMatchObject({
    code: 1,
    noted: 'refused: cannot open /nowhere/events.csv: no such file',
  })
})
