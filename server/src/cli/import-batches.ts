import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { importLimits } from '@stagewatch/shared/contract/imports.ts'
import type { ImportBegun, ImportList, ImportUndone, ImportView } from '@stagewatch/shared/contract/imports.ts'
import { brokenOffBy } from '../ingest/batches/break-off.ts'
import { plural } from '../platform/english-text.ts'
import { AppError } from '../platform/app-error.ts'
import { withServer } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import type { ExitCode, Terminal } from './command.ts'
import { exitCode, siteOptions, UsageError } from './command.ts'
import { readOtherwise, recordedOptions } from '../ingest/imports/earlier-imports.ts'
import type { ImportOptions } from './import-options.ts'

/**
 * Starts an import and returns its number.
 * @throws AppError `conflict` if the file was imported before with other options, and the user has not chosen what to
 * do about it.
 */
export async function beginImport(options: ImportOptions, ask: AskServer, terminal: Terminal): Promise<number> {
  const body = {
    file: basename(options.path).slice(-importLimits.file),
    hash: await hashOfFile(options.path),
    options: recordedOptions(options.mapping, options.source),
  }
  const { id, sameFile } = await ask<ImportBegun>({ method: 'POST', path: '/api/v1/imports', body })
  const others = readOtherwise(sameFile, body.options)
  if (options.repeated === 'replace') {
    for (const other of others) await undo(other.id, `replaced by import ${id}`, ask, terminal)
  } else if (options.repeated === undefined && others[0] !== undefined) {
    await endImport(
      id,
      { rows: 0, accepted: 0, duplicate: 0, rejected: 0, ...brokenOffBy('imported_before', 'imported before') },
      ask,
    )
    const [{ id: before, options: how, startedAt }] = [others[0]]
    throw new AppError(
      'conflict',
      `the file was imported before with other options: import ${before} of ${new Date(startedAt).toISOString()} (${textOf(how)}). Say --replace to undo that import first, or --beside to keep both`,
    )
  }
  return id
}

export async function recordImport(id: number, report: ImportReport, ask: AskServer): Promise<void> {
  const { rows, accepted, duplicate, rejected, brokenOff, brokenOffCause } = report
  const counts = { rows, accepted, duplicate, rejected }
  await endImport(id, { ...counts, brokenOff: brokenOff?.slice(0, 1_000), brokenOffCause }, ask)
}

async function endImport(id: number, body: object, ask: AskServer): Promise<void> {
  await ask({ method: 'POST', path: `/api/v1/imports/${id}/end`, body })
}

/** Fields are sorted by name, so that equal options yield the same text. */
function textOf(options: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(options).toSorted()
  return names.map((name) => `${name} ${valueText(options[name])}`).join(', ')
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return JSON.stringify(value)
  return JSON.stringify(Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

async function hashOfFile(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest).catch((error: unknown) => {
    throw new AppError('not_found', `cannot open ${path}: ${String(error)}`)
  })
  return digest.digest('hex')
}

export const batchHelp = `  list                  the newest 200 imports, with their numbers
  show ID               one of them: how the file was read, and what became of its rows
  undo ID --reason TEXT take back what an import has brought; the log keeps both`

type BatchCommand = { readonly site: string; readonly json: boolean } & (
  | { readonly verb: 'list' }
  | { readonly verb: 'show'; readonly id: number }
  | { readonly verb: 'undo'; readonly id: number; readonly reason: string }
)

/**
 * @returns undefined if the arguments name a file. A file called like one of the verbs has to be given with its path.
 * @throws UsageError if the number or the reason is missing.
 */
export function readBatchCommand([verb, ...rest]: readonly string[]): BatchCommand | undefined {
  if (verb !== 'list' && verb !== 'show' && verb !== 'undo') return undefined
  const { values, positionals } = parseArgs({
    args: rest,
    options: { ...siteOptions, reason: { type: 'string' } },
    allowPositionals: true,
  })
  const { site, json, reason } = values
  if (verb === 'list') {
    if (positionals.length > 0) throw new UsageError('import list takes no further argument')
    return { verb, site, json }
  }
  const id = readId(positionals)
  if (verb === 'show') return { verb, id, site, json }
  if (reason === undefined) throw new UsageError('give the reason with --reason TEXT')
  return { verb, id, reason, site, json }
}

export async function runBatchCommand(command: BatchCommand, terminal: Terminal): Promise<ExitCode> {
  const { site, json } = command
  const print = (answer: unknown, ...lines: string[]) => {
    for (const line of json ? [JSON.stringify(answer)] : lines) terminal.print(line)
  }
  await withServer(site, terminal, async (ask) => {
    switch (command.verb) {
      case 'list': {
        const answer = await ask<ImportList>({ method: 'GET', path: '/api/v1/imports' })
        print(answer, ...answer.imports.map(lineOf))
        break
      }
      case 'show': {
        const one = await ask<ImportView>({ method: 'GET', path: `/api/v1/imports/${command.id}` })
        print(one, lineOf(one), `  ${textOf(one.options)}`)
        break
      }
      case 'undo': {
        const undone = await undo(command.id, command.reason, ask, terminal)
        print(undone, lineOf(undone))
      }
    }
  })
  return exitCode.done
}

function readId([text, ...more]: readonly string[]): number {
  const id = Number(text)
  if (!Number.isSafeInteger(id) || id <= 0 || more.length > 0) {
    throw new UsageError('give the number of one import, see import list')
  }
  return id
}

async function undo(id: number, reason: string, ask: AskServer, terminal: Terminal): Promise<ImportView> {
  let restored = 0
  for (;;) {
    const request = { method: 'POST', path: `/api/v1/imports/${id}/undo`, body: { reason } } as const
    const { import: undone, isDone, restoredOrders } = await ask<ImportUndone>(request)
    restored += restoredOrders
    if (isDone && restored > 0)
      terminal.note(`${restored} archived orders were brought back for this; they are archived again after 30 days`)
    if (isDone) return undone
    if (terminal.interactive && restoredOrders > 0) terminal.note(`${restored} archived orders brought back`)
    else if (terminal.interactive) terminal.note(`${plural(undone.undo?.events ?? 0, 'event')} taken back`)
    if (terminal.stopped.aborted) {
      throw new AppError('not_ready', `stopped: import ${id} is undone in part; undo it again to go on`)
    }
  }
}

function lineOf({ id, startedAt, file, state, actor, ...counts }: ImportView): string {
  const { rows, accepted, duplicate, rejected, undo: undone } = counts
  const became = `${plural(rows, 'row')}: ${accepted} accepted, ${duplicate} duplicate, ${rejected} rejected`
  const why = undone === undefined ? '' : `; ${plural(undone.events, 'event')} taken back: ${undone.reason}`
  return `${id}  ${new Date(startedAt).toISOString()}  ${state}  ${file}  ${became}  by ${actor}${why}`
}
