import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { archives } from '@stagewatch/db/retention-schema.ts'
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

/** What belongs to archived orders besides their events, and is in a file of its own. */
export type PartName = 'corrections' | 'approvals'

type ArchiveRow = typeof archives.$inferSelect

/** The columns of an archive that name the files of its parts. A hash is null if there is no such file. */
export type PartsKey = Pick<ArchiveRow, 'name' | 'correctionsSha256' | 'approvalsSha256'>

const hashColumns = { corrections: 'correctionsSha256', approvals: 'approvalsSha256' } as const
const hashedLength = 16

/** @returns null if the archive has no such file. */
export function hashOfPart(archive: PartsKey, part: PartName): string | null {
  return archive[hashColumns[part]]
}

/** Name of the file with a part of an archive. Its hash is part of it, so that its content never changes. */
export function partFile(name: string, part: PartName, hash: string): string {
  return `${name}.${part}-${hash.slice(0, hashedLength)}.ndjson.gz`
}

/** The names of all files of an archive. */
export function filesOfArchive(archive: PartsKey): string[] {
  const files = Object.values(archiveEndings).map((ending) => archive.name + ending)
  for (const part of ['corrections', 'approvals'] as const) {
    const hash = hashOfPart(archive, part)
    if (hash !== null) files.push(partFile(archive.name, part, hash))
  }
  return files
}

/**
 * Writes a part of an archive, and reads it again.
 * @param lines Values without line breaks in their JSON form.
 * @returns the hash and size of the file.
 * @throws ArchiveError
 */
export async function writePart(
  directory: string,
  site: string,
  { name, part, lines }: { readonly name: string; readonly part: PartName; readonly lines: readonly string[] },
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const content = await pack(lines.map((line) => `${line}\n`).join(''))
  const hash = sha256(content)
  await writeFileDurably(directory, join(siteDirectory(directory, site), partFile(name, part, hash)), content)
  return { sha256: hash, bytes: content.length }
}

/** Reads the lines of a part of an archive. @throws ArchiveError if its file is missing, or was changed. */
export async function readPart(
  directory: string,
  site: string,
  archive: PartsKey,
  part: PartName,
): Promise<readonly string[]> {
  const hash = hashOfPart(archive, part)
  if (hash === null) return []
  const path = join(siteDirectory(directory, site), partFile(archive.name, part, hash))
  const content = await explained(directory, () => readFile(path))
  if (sha256(content) !== hash)
    throw new ArchiveError('archive_damaged', `${path} was changed since it was written: put back the original`)
  return (await unpack(content)).toString().trimEnd().split('\n')
}
