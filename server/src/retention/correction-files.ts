import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { corrections } from '@stagewatch/db/schema.ts'
import type { CorrectedVisit } from '@stagewatch/shared/domain/correction.ts'
import { z } from 'zod'
import {
  ArchiveError,
  archiveEndings,
  explained,
  pack,
  sha256,
  siteDirectory,
  unpack,
  writeFileDurably,
} from './archive-directory.ts'

const hashedLength = 16

export type StoredCorrection = Omit<typeof corrections.$inferSelect, 'site'>

/** A row as the server has written it, with instants in epoch ms. The hash of the file shows that nobody changed it. */
const correctionLine = z.strictObject({
  order: z.string(),
  process: z.string(),
  id: z.int(),
  recordedAt: z.int(),
  events: z.array(z.custom<StoredCorrection['events'][number]>()),
  removed: z.array(z.custom<CorrectedVisit>()),
  added: z.array(z.custom<CorrectedVisit>()),
})

/** Name of the file with the corrections of an archive. Its hash is part of it, so that its content never changes. */
export function correctionsFile(name: string, hash: string): string {
  return `${name}.corrections-${hash.slice(0, hashedLength)}.ndjson.gz`
}

/** The names of all files of an archive. */
export function filesOfArchive({ name, correctionsSha256 }: CorrectionsKey): string[] {
  const files = Object.values(archiveEndings).map((ending) => name + ending)
  return correctionsSha256 === null ? files : [...files, correctionsFile(name, correctionsSha256)]
}

interface CorrectionsKey {
  readonly name: string
  /** Null: the archive has no file with corrections. */
  readonly correctionsSha256: string | null
}

/**
 * Writes the corrections of an archive and reads them again.
 * @returns the hash and size of the file.
 * @throws ArchiveError
 */
export async function writeCorrections(
  directory: string,
  site: string,
  name: string,
  all: readonly StoredCorrection[],
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const content = await pack(all.map((one) => `${JSON.stringify(lineOf(one))}\n`).join(''))
  const hash = sha256(content)
  await writeFileDurably(directory, join(siteDirectory(directory, site), correctionsFile(name, hash)), content)
  const read = await readCorrections(directory, site, { name, correctionsSha256: hash })
  if (!isSameCorrections(read, all))
    throw new ArchiveError('internal', `the corrections of ${name} could not be restored from its file`)
  return { sha256: hash, bytes: content.length }
}

/** Reads the corrections of an archive. @throws ArchiveError if their file is missing, or was changed. */
export async function readCorrections(
  directory: string,
  site: string,
  { name, correctionsSha256 }: CorrectionsKey,
): Promise<StoredCorrection[]> {
  if (correctionsSha256 === null) return []
  const path = join(siteDirectory(directory, site), correctionsFile(name, correctionsSha256))
  const content = await explained(directory, () => readFile(path))
  if (sha256(content) !== correctionsSha256)
    throw new ArchiveError('archive_damaged', `${path} was changed since it was written: put back the original`)
  const text = (await unpack(content)).toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { order, ...rest } = correctionLine.parse(JSON.parse(line))
      return { orderId: order, ...rest }
    })
}

export function isSameCorrections(a: readonly StoredCorrection[], b: readonly StoredCorrection[]): boolean {
  return a.length === b.length && a.every((one, i) => JSON.stringify(lineOf(one)) === JSON.stringify(lineOf(b[i])))
}

function lineOf(stored: StoredCorrection | undefined) {
  if (stored === undefined) return undefined
  const { orderId, process, id, recordedAt, events, removed, added } = stored
  return { order: orderId, process, id, recordedAt, events, removed, added }
}
