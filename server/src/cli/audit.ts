import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { parseArgs } from 'node:util'
import type { Database } from '@stagewatch/db/database.ts'
import { auditHeads, sealProblem, verificationLine } from '@stagewatch/shared/contract/audit.ts'
import type { AuditHead, SealProblem, VerificationReport } from '@stagewatch/shared/contract/audit.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { loadHeads, readHeads } from '../audit/audit-heads.ts'
import { sealRows } from '../audit/seal-rows.ts'
import { compareHeads, verifySeals } from '../audit/verify-seals.ts'
import { plural } from '../platform/english-text.ts'
import { AppError } from '../platform/app-error.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { archiveDirectory } from '../retention/archive-directory.ts'
import { archiveCheck } from '../retention/verify-archives.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'
import { openProgress } from './progress.ts'
import { withData } from './with-data.ts'
import type { DataHolder } from './with-data.ts'

export const auditCommand: Command = {
  name: 'audit',
  summary: 'prove that the record was not changed',
  help: `verify [--heads PATH] [--json]
       stagewatch audit heads

verify   recalculates the seals of all events and changes, and says which are not as they were sealed
heads    prints the last seal of each chain as JSON, one per line; keep these lines where nobody who can change the
         database can change them

  --heads PATH          also compare with heads that were kept: a file of such lines, or the folder to which the server
                        writes them (AUDIT_HEADS_DIR). Only this shows that the end was cut off, or that everything was
                        sealed anew
  --json                print the result as JSON, and nothing else`,
  async run(args, terminal) {
    const options = { heads: { type: 'string' }, json: { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [action] = positionals
    if (positionals.length !== 1 || (action !== 'verify' && action !== 'heads'))
      throw new UsageError('audit takes one of verify, heads')
    if (action === 'verify') return verify(values, terminal)
    const heads = await withData({
      database: async (database) => {
        await sealRows(database)
        return readHeads(database)
      },
      server: async (holder) =>
        auditHeads.parse(await (await request(holder, 'heads', { method: 'POST' })).json()).heads,
    })
    for (const head of heads) terminal.print(JSON.stringify(head))
    return exitCode.done
  },
}

interface VerifyOptions {
  readonly heads?: string | undefined
  readonly json: boolean
}

async function verify({ heads: path, json: isJson }: VerifyOptions, terminal: Terminal): Promise<ExitCode> {
  const record = await withData({
    database: (database) => verifyWith(localRecord(database), path, terminal),
    server: (holder) => verifyWith(remoteRecord(holder, terminal), path, terminal),
  })
  const { report, differing, comparedHeads } = record
  const isIntact = report.problemCount + differing.length === 0
  if (isJson) terminal.print(JSON.stringify({ intact: isIntact, ...report, comparedHeads, differingHeads: differing }))
  else for (const line of describe(record)) terminal.print(line)
  return isIntact ? exitCode.done : exitCode.problems
}

interface Verified {
  readonly report: VerificationReport
  readonly differing: readonly SealProblem[]
  /** Undefined: none were given. */
  readonly comparedHeads: number | undefined
}

/** The record of this installation. */
interface RecordAccess {
  /** Yields the ratio that is done. */
  verify(): AsyncGenerator<number, VerificationReport>
  compare(heads: readonly AuditHead[]): Promise<readonly SealProblem[]>
}

async function verifyWith(record: RecordAccess, path: string | undefined, terminal: Terminal): Promise<Verified> {
  const report = await withProgress(record.verify(), terminal)
  const differing: SealProblem[] = []
  let comparedHeads: number | undefined
  if (path !== undefined) {
    comparedHeads = 0
    for await (const heads of loadHeads(resolve(path))) {
      terminal.stopped.throwIfAborted()
      differing.push(...(await record.compare(heads)))
      comparedHeads += heads.length
    }
  }
  return { report, differing, comparedHeads }
}

async function withProgress(
  running: AsyncGenerator<number, VerificationReport>,
  terminal: Terminal,
): Promise<VerificationReport> {
  const progress = openProgress(terminal, 'verifying')
  try {
    for (;;) {
      const { done, value } = await running.next()
      if (done === true) return value
      terminal.stopped.throwIfAborted()
      progress.update(value, '')
    }
  } finally {
    progress.close()
  }
}

function localRecord(database: Database): RecordAccess {
  const check = archiveCheck(archiveDirectory(parseEnvironment(process.env)))
  return { verify: () => verifySeals(database.longRunning, check), compare: (heads) => compareHeads(database, heads) }
}

function remoteRecord(holder: DataHolder, terminal: Terminal): RecordAccess {
  return {
    async *verify() {
      const reply = await request(holder, 'verification', { signal: terminal.stopped })
      const lines = createInterface({ input: Readable.fromWeb(reply.body as ReadableStream) })
      for await (const line of lines) {
        const { done, report } = verificationLine.parse(JSON.parse(line))
        if (report !== undefined) return report
        yield done
      }
      throw new AppError('internal', 'the server has broken off: see its log')
    },
    async compare(heads) {
      const body = JSON.stringify({ heads })
      const reply = await request(holder, 'comparison', { method: 'POST', body })
      return z.object({ problems: z.array(sealProblem) }).parse(await reply.json()).problems
    },
  }
}

/** @throws AppError with the server's code if it refuses. */
async function request({ url, token }: DataHolder, path: string, init: RequestInit = {}): Promise<Response> {
  const reply = await fetch(new URL(`/api/v1/admin/audit/${path}`, url), {
    ...init,
    headers: {
      authorization: `Bearer ${token}`,
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    },
  })
  if (reply.ok) return reply
  const refused = problem.safeParse(await reply.json().catch(() => undefined))
  if (refused.success) throw new AppError(refused.data.code, refused.data.message)
  throw new AppError('internal', `the server on ${url} answered ${reply.status}: see its log`)
}

function* describe({ report, differing, comparedHeads }: Verified): Generator<string> {
  for (const { site, stream, seals, rows, archived, redacted } of report.streams) {
    const moved = archived === 0 ? '' : ` and ${archived} in archives`
    const removed = redacted === 0 ? '' : `, personal data removed from ${redacted}`
    yield `${site}: ${rows} ${stream}${moved} in ${seals === 1 ? '1 seal' : `${seals} seals`}${removed}`
  }
  for (const found of [...report.problems, ...differing]) yield `${found.site}: ${textOf(found)}`
  const more = report.problemCount - report.problems.length
  if (more > 0) yield `and ${more} more`
  if (comparedHeads === undefined) yield 'not compared with heads that were kept elsewhere: see --heads'
  else yield `compared with ${comparedHeads} heads that were kept elsewhere`
  yield report.problemCount + differing.length === 0 ? 'the record is intact' : 'THE RECORD IS NOT INTACT'
}

function textOf({ kind, stream, seq, position, missing, archive }: SealProblem): string {
  const seal = `seal ${seq ?? ''} of ${stream}`
  const row = `row ${position ?? ''} of ${stream}`
  switch (kind) {
    case 'changed':
      return missing === undefined
        ? `${seal}: something was changed`
        : `${seal}: ${plural(missing, 'row')} ${missing === 1 ? 'is' : 'are'} missing`
    case 'removed':
      return `${seal}: all ${missing ?? ''} rows are missing`
    case 'added':
      return `${row} was written into the past: no seal contains it`
    case 'redaction':
      return `${row} was changed after personal data was removed from it, or nothing says that it was`
    case 'gap':
      return `${seal} is missing`
    case 'archive':
      return `archive ${archive ?? ''}: ${missing ?? ''} events are missing from its files, or are not as they were`
    case 'cut':
      return `${seal} was kept elsewhere and does not exist any more`
    case 'rewritten':
      return `${seal} is not the one that was kept elsewhere`
  }
}
