import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { roundedShare } from '@stagewatch/shared/domain/rounded-share.ts'
import { remarkText } from '../ingest/files/cells/cell-counts.ts'
import { describeColumns } from '../ingest/imports/describe-columns.ts'
import { rejectionLines } from '../ingest/imports/row-tally.ts'
import { plural, shownText } from '../platform/english-text.ts'
import { stagewatchCommand } from '../platform/command-names.ts'
import { shellWord } from '../platform/command-settings.ts'
import type { Terminal } from './command.ts'
import { terminalCommand } from './process-terminal.ts'

/** Prints how a file was interpreted and the outcome of its rows. */
export function printReport(
  report: ImportReport,
  { json, site }: { readonly json: boolean; readonly site: string },
  terminal: Terminal,
): void {
  const { rows, accepted, duplicate, rejected, orders, stages, elapsedMs, brokenOff, process } = report
  for (const line of reportLines(report, site)) terminal.note(line)
  if (brokenOff !== undefined)
    terminal.note(`broken off after ${plural(rows, 'row')}: ${brokenOff}. Run it again to go on; nothing counts twice.`)
  if (json) return terminal.print(JSON.stringify(report))
  if (process !== undefined) for (const line of processLines(process, report.dryRun, site)) terminal.print(line)
  const inStages = report.meaning.rows === 'orders' ? '' : ` in ${plural(stages, 'stage')}`
  const seconds = (elapsedMs / 1000).toFixed(1)
  terminal.print(`${plural(rows, 'row')} of ${plural(orders, 'order')}${inStages}, ${seconds} s`)
  terminal.print(
    report.dryRun
      ? `would send ${accepted}, rejected ${rejected}; nothing was sent`
      : `accepted ${accepted}, duplicate ${duplicate}, rejected ${rejected}`,
  )
  for (const line of ageLines(report, Date.now())) terminal.print(line)
}

function reportLines(report: ImportReport, site: string): string[] {
  const { columns, remarks, rejections, cells, stageNames, process } = report
  const used = columns.used.map(({ name, header }) => `${name} ← ${header}`)
  const ignored = columns.ignored.map(({ header }) => header).join(', ')
  return [
    describeFile(report.file),
    ...(report.file.kind === 'ndjson'
      ? []
      : [`columns: ${used.join(', ')}${ignored === '' ? '' : `; ignored: ${ignored}`}`]),
    ...meaningLines(report),
    ...remarks.map(({ text }) => text),
    ...rejectionLines(rejections),
    ...timeLines(report),
    ...describeColumns(report),
    ...cells.map(remarkText),
    ...stageNames.alike.map((stages) => `stages that look alike: ${stages.join(' / ')}`),
    ...(process?.unchanged ?? []).map(
      (stage) =>
        `stage ${stage} is known to process ${process?.code} and stays as it is; to let it end orders: ${terminalCommand(stage, process?.code ?? '', site)}`,
    ),
  ]
}

/** Meaning of the rows for their stages, if it was derived from the columns. */
function meaningLines({ meaning, columns }: ImportReport): string[] {
  const headerOf = (name: string) => columns.used.find((used) => used.name === name)?.header
  if (!meaning.isProposed) return []
  if (meaning.as === 'activity')
    return [
      `a row is an activity, from ${headerOf('startedAt')} to ${headerOf('time')}; else say --as entered or completed`,
    ]
  if (meaning.as !== 'lifecycle') return []
  return [`a row says what happened to an activity, by ${headerOf('lifecycle')}; else say --as entered or completed`]
}

function timeLines({ times }: ImportReport): string[] {
  const time = times.find(({ name }) => name === 'time')
  const zoned = times.flatMap(({ local }) => local ?? [])
  const [first] = zoned
  const rows = zoned.reduce((sum, local) => sum + local.rows, 0)
  const zoneLine = `${plural(rows, 'time')} without a zone ${rows === 1 ? 'was' : 'were'} read in the zone ${first?.zone}; choose another with --timezone`
  const zoneLines = first === undefined ? [] : [zoneLine]
  if (time === undefined) return zoneLines
  const { span, dateRows } = time
  return [
    ...(span === undefined ? [] : [`times from ${instantOf(span.earliestAt)} to ${instantOf(span.latestAt)}`]),
    ...zoneLines,
    ...(dateRows > 0 ? [`${plural(dateRows, 'row')} with a day and no time of day: the day begins at midnight`] : []),
  ]
}

const dayMs = 86_400_000
/** Older data is probably a test or the wrong file. */
const oldDays = 60

/** Tells users who try the program with an old log how to see live boards. */
function ageLines({ times }: ImportReport, now: number): string[] {
  const span = times.find(({ name }) => name === 'time')?.span
  const days = span === undefined ? 0 : Math.floor((now - span.latestAt) / dayMs)
  if (days < oldDays) return []
  return [
    `the newest event is ${plural(days, 'day')} old, and a wall shows what is now; to play the file as of today:`,
    `  ${stagewatchCommand} replay FILE --speed 600 --shift-to-now --key KEY`,
  ]
}

function describeFile(file: ImportReport['file']): string {
  const { kind, compression, encoding, delimiter, quote, sheet, lines, traces, rows } = file
  const certainty =
    encoding?.certainty === 'doubtful' || encoding?.certainty === 'likely' ? ` (${encoding.certainty})` : ''
  const parts = [
    kindNames[kind],
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

const kindNames = { csv: 'CSV', xlsx: 'workbook', xes: 'XES', ndjson: 'events, one per line' } as const

const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'blank',
}

function processLines(process: NonNullable<ImportReport['process']>, dryRun: boolean, site: string): string[] {
  const targets = process.stages.map((stage) => {
    const target = stage.targetMs === undefined ? 'no target' : `target ${hoursText(stage.targetMs)}`
    return `  ${stage.code}: ${stage.terminal ? 'ends the order' : target}`
  })
  return [
    `process ${process.code}, ${plural(process.stages.length, 'stage')}:`,
    ...targets,
    ...(process.stages.some((stage) => stage.terminal) ? [] : endLines(process, dryRun, site)),
  ]
}

/** Advice about orders that never end. */
function endLines({ code, lastStages }: NonNullable<ImportReport['process']>, dryRun: boolean, site: string): string[] {
  const shares = lastStages.map(({ stage, ratio }) => `${stage} (${shareText(ratio)} %)`)
  const [most] = lastStages
  if (most === undefined) return []
  const remedy = dryRun ? `--terminal ${shellWord(most.stage)}` : terminalCommand(most.stage, code, site)
  return [
    `no stage ends an order, so all of them stay open. Most were last in ${shares.join(', ')}; to let that end orders:`,
    `  ${remedy}`,
  ]
}

function shareText(ratio: number): string {
  const { percent, bound = '' } = roundedShare(ratio, 1)
  return `${bound}${percent}`
}

function hoursText(ms: number): string {
  return `${(ms / 3_600_000).toFixed(2)} h`
}

/** RFC 3339 with a precision of seconds. */
function instantOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
