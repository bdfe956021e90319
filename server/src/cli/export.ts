import { createWriteStream } from 'node:fs'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { resolve } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { completeFile } from '../backup/backup-files.ts'
import { exportEvents } from '../export/export-events.ts'
import type { ExportOptions, RunningExport } from '../export/export-events.ts'
import { summaryTrailer } from '../export/export-routes.ts'
import { exportFormats, exportSummary, leftOutTexts } from '../export/export-summary.ts'
import type { ExportFormat, ExportProgress, ExportSummary } from '../export/export-summary.ts'
import { AppError } from '../platform/app-error.ts'
import { megabytes } from './backup.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'
import { openProgress } from './progress.ts'
import { withData } from './with-data.ts'
import type { DataHolder } from './with-data.ts'

export const exportCommand: Command = {
  name: 'export',
  summary: 'write the events of a site to a file that can be imported elsewhere',
  help: `[FILE] [OPTIONS]

Writes the events of a site as they are now, to FILE (gzipped if it ends with .gz) or to standard
output. The file has the names of people and customers, whatever the site hides.

  --format FORMAT       ndjson: every event, one per line, as POST /api/v1/events takes it
                        csv: a row for each event; what takes back or has no column is left out
                        xes: the visits as an event log (IEEE 1849) for process mining
                        default: by the name of FILE, else ndjson
  --from T, --to T      only what happened from T on and before T: a day (2026-11-22, in the time
                        zone of the site) or a time with an offset
  --process CODE        only orders of this process
${siteHelp}

Examples:
  stagewatch export events.ndjson.gz
  stagewatch export november.csv --from 2026-11-01 --to 2026-12-01
  stagewatch import events.ndjson.gz --site copy`,
  async run(args, terminal) {
    const { path, json: isJson, ...options } = readOptions(args)
    if (path === undefined && isJson) throw new UsageError('--json needs a FILE: standard output has the events')
    const summary = await exportTo(path, options, terminal)
    for (const line of summaryLines(summary)) terminal.note(line)
    const { format, written } = summary
    const result = { file: path, format, written, leftOut: summary.leftOut, lostFields: summary.lostFields }
    if (isJson) terminal.print(JSON.stringify(result))
    else if (path !== undefined) terminal.print(`${path}: ${written} ${unitOf[format]}`)
    return exitCode.done
  },
}

const unitOf: Readonly<Record<ExportFormat, string>> = { ndjson: 'events', csv: 'rows', xes: 'transitions' }

interface FileOptions extends Omit<ExportOptions, 'progress'> {
  readonly path: string | undefined
  readonly json: boolean
}

function readOptions(args: readonly string[]): FileOptions {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...siteOptions, format: text, from: text, to: text, process: text },
    allowPositionals: true,
  })
  if (positionals.length > 1) throw new UsageError('export writes one file')
  const [path] = positionals
  const named = exportFormats.find((format) => path?.replace(/\.gz$/i, '').toLowerCase().endsWith(`.${format}`))
  const format = values.format === undefined ? (named ?? 'ndjson') : exportFormats.find((one) => one === values.format)
  if (format === undefined) throw new UsageError(`--format takes one of ${exportFormats.join(', ')}`)
  const { site, json: isJson, from, to, process } = values
  return { path: path === undefined ? undefined : resolve(path), json: isJson, site, format, from, to, process }
}

/** A file gets its name when it is complete. */
async function exportTo(
  path: string | undefined,
  options: Omit<ExportOptions, 'progress'>,
  terminal: Terminal,
): Promise<ExportSummary> {
  if (path === undefined) return writeExport(options, process.stdout, false, terminal)
  const isPacked = /\.gz$/i.test(path)
  return completeFile(path, (partial) =>
    writeExport(options, createWriteStream(partial, { mode: 0o600 }), isPacked, terminal),
  )
}

async function writeExport(
  options: Omit<ExportOptions, 'progress'>,
  to: NodeJS.WritableStream,
  isPacked: boolean,
  terminal: Terminal,
): Promise<ExportSummary> {
  const bar = openProgress(terminal, `exporting ${options.site}`)
  let bytes = 0
  let reached: readonly [ratio: number, written: number] = [0, 0]
  const counted = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      bytes += piece.length
      bar.update(reached[0], `${megabytes(bytes)} MB`)
      done(null, piece)
    },
  })
  const progress: ExportProgress = (ratio, written) => (reached = [ratio, written])
  const write = async ({ pieces, summary }: RunningExport) => {
    const packed = isPacked ? [createGzip()] : []
    // Standard output stays open for the messages of the command.
    const ending = { signal: terminal.stopped, end: to !== process.stdout }
    await pipeline([Readable.from(pieces, { highWaterMark: 1 }), counted, ...packed, to], ending).catch(toRefusal)
    return summary()
  }
  try {
    return await withExport({ ...options, progress }, terminal, write)
  } finally {
    bar.close()
  }
}

/** A program such as `head` closes the output when it has read enough. */
function toRefusal(error: unknown): never {
  const isClosed = error instanceof Error && 'code' in error && error.code === 'EPIPE'
  throw isClosed ? new AppError('bad_request', 'the output was closed before the end of the export') : error
}

/** Reads the database, or asks the running server that has it open. */
function withExport<T>(
  options: ExportOptions,
  terminal: Terminal,
  write: (running: RunningExport) => Promise<T>,
): Promise<T> {
  return withData({
    database: async (database) => write(await exportEvents(database, options)),
    server: async (holder) => write(await requestExport(holder, options, terminal)),
  })
}

/** @throws AppError with the server's code if it refuses. */
async function requestExport(
  { url, token }: DataHolder,
  { site, format, from, to, process }: ExportOptions,
  terminal: Terminal,
): Promise<RunningExport> {
  const target = new URL('/api/v1/admin/export', url)
  for (const [name, value] of Object.entries({ format, from, to, process }))
    if (value !== undefined) target.searchParams.set(name, value)
  // `fetch` has no access to trailers.
  const reply = await new Promise<IncomingMessage>((settle, fail) => {
    const headers = { authorization: `Bearer ${token}`, 'x-stagewatch-site': site }
    request(target, { headers, signal: terminal.stopped }, settle).once('error', fail).end()
  })
  if (reply.statusCode !== 200) {
    const refused = problem.safeParse(await json(reply))
    if (!refused.success)
      throw new AppError('internal', `the server on ${url} answered ${reply.statusCode}: see its log`)
    const { code, message, details = [] } = refused.data
    throw new AppError(code, [message, ...details.map((one) => `${one.field}: ${one.message}`)].join('; '))
  }
  return { pieces: completeReply(reply), summary: () => summaryOf(reply) }
}

/** The pieces of a reply, up to its trailer. */
async function* completeReply(reply: IncomingMessage): AsyncGenerator<string> {
  reply.setEncoding('utf8')
  for await (const piece of reply) yield String(piece)
  summaryOf(reply)
}

/** @throws AppError if the export has failed or was broken off. */
function summaryOf({ trailers }: IncomingMessage): ExportSummary {
  const told = trailers[summaryTrailer]
  if (told === undefined) throw new AppError('internal', 'the server has broken off the export: see its log')
  return exportSummary.parse(JSON.parse(decodeURIComponent(told)))
}

function summaryLines({ format, leftOut, lostFields }: ExportSummary): string[] {
  const left = Object.entries(leftOut).map(
    ([cause, number]) => `${number} ${leftOutTexts[cause as keyof typeof leftOutTexts]}`,
  )
  const fields = Object.entries(lostFields).map(([field, number]) => `${field} (${number})`)
  const name = format.toUpperCase()
  return [
    ...(left.length === 0 ? [] : [`not in ${name}: ${left.join('; ')}`]),
    ...(fields.length === 0 ? [] : [`without a column in ${name}: ${fields.join(', ')}`]),
    ...(format !== 'ndjson' && left.length + fields.length > 0 ? ['--format ndjson has everything'] : []),
  ]
}
