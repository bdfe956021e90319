import { remarkText } from '../ingest/files/cells/cell-counts.ts'
import { describeFindings } from '../ingest/files/cells/describe-findings.ts'
import type { Columns } from '../ingest/files/find-columns.ts'
import type { TableFacts } from '../ingest/tables/table-facts.ts'
import { plural, shownText } from '../ingest/tables/table-remarks.ts'
import type { Terminal } from './command.ts'
import type { ImportResult } from '../ingest/imports/import-file.ts'
import type { ImportOptions } from './import-options.ts'

/** Tells how a file was understood, and what became of its rows. */
export function reportImport(options: ImportOptions, result: ImportResult, terminal: Terminal): void {
  const { tally, brokenOff } = result
  const summary = tally.summary()
  for (const line of [...fileLines(result), ...meaningLines(options, result), ...tally.remarks(), ...cellLines(result)])
    terminal.note(line)
  if (brokenOff !== undefined)
    terminal.note(`broken off after ${summary.rows} rows: ${brokenOff}. Run it again to go on; nothing counts twice.`)
  if (options.json) {
    const { facts, columns, header } = result.table
    const used = Object.fromEntries(namesOf(columns).map(([name, column]) => [name, column]))
    const read = { file: facts, columns: { used, ignored: ignoredOf(columns, header) } }
    terminal.print(JSON.stringify({ ...summary, ...read, remarks: [...fileLines(result), ...cellLines(result)] }))
    return
  }
  const { rows, accepted, duplicate, rejected, orders, stages, elapsedMs } = summary
  const inStages = options.orders ? '' : ` in ${plural(stages, 'stage')}`
  const seconds = (elapsedMs / 1000).toFixed(1)
  terminal.print(`${plural(rows, 'row')} of ${plural(orders, 'order')}${inStages}, ${seconds} s`)
  terminal.print(
    options.dryRun
      ? `would send ${accepted}, rejected ${rejected}; nothing was sent`
      : `accepted ${accepted}, duplicate ${duplicate}, rejected ${rejected}`,
  )
}

function fileLines({ table: { facts, remarks, columns, header } }: ImportResult): string[] {
  const ignored = ignoredOf(columns, header)
  const used = namesOf(columns).map(([name, column]) => `${name} ← ${shownText(column)}`)
  const rest = ignored.length === 0 ? '' : `; ignored: ${ignored.map((name) => shownText(name)).join(', ')}`
  return [describeFile(facts), `columns: ${used.join(', ')}${rest}`, ...remarks.map(({ text }) => text)]
}

/** What a row says of its stage, where that follows from the columns or makes one of them useless. */
function meaningLines({ as, orders }: ImportOptions, { table: { columns } }: ImportResult): string[] {
  const { startedAt, eventType } = columns
  if (orders || startedAt === undefined || eventType !== undefined) return []
  if (as === undefined) {
    return [
      `a row says that a stage was completed, because ${startedAt.header} says when work began; else say --as entered`,
    ]
  }
  return as === 'stage.entered' ? [`${startedAt.header} is not used: a row says that a stage was entered`] : []
}

function cellLines({ findings, remarks, tally }: ImportResult): string[] {
  const time = findings.times.get('time')?.findings
  const span = time?.span
  const days = time?.dateRows ?? 0
  return [
    ...(span === undefined ? [] : [`times from ${instantOf(span.earliestAt)} to ${instantOf(span.latestAt)}`]),
    ...(days > 0 ? [`${plural(days, 'row')} with a day and no time of day: the day begins at midnight`] : []),
    ...describeFindings(findings),
    ...remarks.map(remarkText),
    ...tally
      .similarStages()
      .map((stages) => `stages that look alike: ${stages.map((stage) => shownText(stage)).join(' / ')}`),
  ]
}

function describeFile({
  kind,
  compression,
  encoding,
  delimiter,
  quote,
  sheet,
  lines,
  traces,
  rows,
}: TableFacts): string {
  const certainty =
    encoding?.certainty === 'doubtful' || encoding?.certainty === 'likely' ? ` (${encoding.certainty})` : ''
  const parts = [
    kind === 'csv' ? 'CSV' : kind === 'xes' ? 'XES' : 'workbook',
    compression === undefined ? undefined : `packed with ${compression}`,
    encoding && `${encoding.name}${certainty}`,
    delimiter && `delimiter ${delimiterNames[delimiter] ?? shownText(delimiter)}`,
    quote === undefined || quote === 'double' ? undefined : quote === 'none' ? 'no quotes' : 'quotes after a backslash',
    sheet === undefined ? undefined : `sheet ${shownText(sheet)}`,
    lines && kind === 'csv' ? plural(lines.total, 'line') : undefined,
    traces === undefined ? undefined : plural(traces, 'trace'),
    plural(rows, 'row'),
  ]
  return `read as ${parts.filter((part) => part !== undefined).join(', ')}`
}

const delimiterNames: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }

function namesOf(columns: Columns<string>): [name: string, header: string][] {
  return Object.entries(columns).flatMap(([name, column]) => (column === undefined ? [] : [[name, column.header]]))
}

function ignoredOf(columns: Columns<string>, header: readonly string[]): string[] {
  const used = new Set(Object.values(columns).map((column) => column?.index))
  return header.filter((_, index) => !used.has(index))
}

/** RFC 3339 to the second. */
function instantOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
