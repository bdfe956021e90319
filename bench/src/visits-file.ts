import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { epochHour } from '@stagewatch/server/engine/stage-hours.ts'
import type { TalliedVisit } from '@stagewatch/server/engine/visit-tally.ts'

const rowsPerWrite = 100_000

export interface VisitsFile {
  /** CSV without a header: stage, epoch hour of leaving, dwell in ms, breached. */
  readonly path: string
  readonly remove: () => Promise<void>
}

/** The rows that the peers load. The hour is computed for them: their query has only to group and to rank. */
export async function writeVisitsFile(visits: Iterable<TalliedVisit>): Promise<VisitsFile> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-bench-'))
  const path = join(folder, 'visits.csv')
  const file = await open(path, 'w')
  let lines: string[] = []
  for (const { stage, enteredAt, leftAt, breached } of visits) {
    lines.push(`${stage},${epochHour(leftAt)},${leftAt - enteredAt},${breached}\n`)
    if (lines.length === rowsPerWrite) {
      await file.write(lines.join(''))
      lines = []
    }
  }
  await file.write(lines.join(''))
  await file.close()
  return { path, remove: () => rm(folder, { recursive: true }) }
}
