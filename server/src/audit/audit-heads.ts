import { createReadStream } from 'node:fs'
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { auditHead, maxComparedHeads } from '@stagewatch/shared/contract/audit.ts'
import type { AuditHead } from '@stagewatch/shared/contract/audit.ts'
import { AppError } from '../platform/app-error.ts'

/** The current heads of the chains of a site, or of all. */
export function readHeads(db: Queryable, only?: string): Promise<AuditHead[]> {
  return db.query<AuditHead>(
    `select head.* from audit_seals chain cross join lateral (
       select s.site, s.stream, s.seq, s.hash, ${epochMs('s.sealed_at')} as "sealedAt" from audit_seals s
       where s.site = chain.site and s.stream = chain.stream order by s.seq desc limit 1) as head
     where chain.seq = 1 and chain.site = coalesce($1::text, chain.site) order by head.site, head.stream`,
    [only ?? null],
  )
}

/** Files of heads are kept for a little more than a year. */
const keptFiles = 14
const fileName = /^heads-\d{4}-\d{2}\.ndjson$/

/** Writes heads to a file by month in a folder, one line each, at the end. */
export async function appendHeads(directory: string, heads: readonly AuditHead[], now: number): Promise<void> {
  if (heads.length === 0) return
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `heads-${new Date(now).toISOString().slice(0, 7)}.ndjson`)
  const isNew = await stat(path).then(
    () => false,
    () => true,
  )
  await appendFile(path, heads.map((head) => `${JSON.stringify(head)}\n`).join(''), { mode: 0o600, flush: true })
  if (!isNew) return
  const files = (await readdir(directory)).filter((name) => fileName.test(name)).toSorted()
  for (const name of files.slice(0, -keptFiles)) await rm(join(directory, name))
}

/**
 * Reads the heads of a file, or of all files that the server wrote to a folder, some at a time.
 * @throws AppError `bad_request` naming the file and line that is no head.
 */
export async function* loadHeads(path: string): AsyncGenerator<AuditHead[]> {
  let batch: AuditHead[] = []
  for (const file of await headFiles(path)) {
    let number = 0
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number++
      if (line.trim() === '') continue
      const parsed = auditHead.safeParse(readJson(line))
      if (!parsed.success) throw new AppError('bad_request', `${file}, line ${number}: this is no head of the record`)
      batch.push(parsed.data)
      if (batch.length < maxComparedHeads) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

async function headFiles(path: string): Promise<string[]> {
  const entry = await stat(path).catch(() => undefined)
  if (entry === undefined) throw new AppError('bad_request', `there is no file or folder ${path}`)
  if (!entry.isDirectory()) return [path]
  const files = (await readdir(path)).filter((name) => fileName.test(name)).toSorted()
  if (files.length === 0) throw new AppError('bad_request', `${path} has no files of heads (heads-2026-11.ndjson)`)
  return files.map((name) => join(path, name))
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
