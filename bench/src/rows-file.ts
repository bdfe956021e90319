import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const linesPerWrite = 100_000

export interface RowsFile {
  readonly path: string
  readonly remove: () => Promise<void>
}

/** A CSV file without a header, for the peers to load. */
export async function writeRowsFile(lines: Iterable<string>): Promise<RowsFile> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-bench-'))
  const path = join(folder, 'rows.csv')
  const file = await open(path, 'w')
  let waiting: string[] = []
  for (const line of lines) {
    waiting.push(`${line}\n`)
    if (waiting.length < linesPerWrite) continue
    await file.write(waiting.join(''))
    waiting = []
  }
  await file.write(waiting.join(''))
  await file.close()
  return { path, remove: () => rm(folder, { recursive: true }) }
}
