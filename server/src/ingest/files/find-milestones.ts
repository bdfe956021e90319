import { cleanCell, usualEmptyWords } from './cells/clean-cell.ts'
import { readPlainTime } from './cells/plain-time.ts'
import { readWrittenTime } from './cells/written-time.ts'
import { ZonedClock } from './cells/zoned-clock.ts'
import type { TableFile } from '../tables/table-file.ts'

const sampledRows = 100
/** Of a time that is meant for later, which is no milestone. */
const planned = /estimat|expect|plan|promis|due|deadline|预计|预期|承诺|计划|要求|要货|约定/i
/** Numbers may be anything. */
const bareNumber = /^\d+(?:[.,]\d+)?$/
const utc = new ZonedClock('UTC')

/** Columns of the file with nothing but times in them, by their place from 0 on. */
export interface TimeColumns {
  /** When something has happened. */
  readonly reached: readonly number[]
  /** When something is to happen, as their names say. */
  readonly planned: readonly number[]
}

/** Looks for columns of times in the first rows. */
export async function findTimeColumns(table: TableFile): Promise<TimeColumns> {
  const filled = table.header.map(() => 0)
  const others = new Set<number>()
  for await (const { row, cells, problem } of table.records) {
    if (row > sampledRows) break
    if (problem !== undefined) continue
    for (const index of filled.keys()) {
      const text = cleanCell(cells[index] ?? '', 'code')
      if (text === '' || usualEmptyWords.anywhere.has(text) || usualEmptyWords.inNumbers.has(text)) continue
      filled[index] = (filled[index] ?? 0) + 1
      if (!isTime(text)) others.add(index)
    }
  }
  const times = [...filled.keys()].filter((index) => (filled[index] ?? 0) > 0 && !others.has(index))
  const isPlanned = (index: number) => planned.test(table.header[index] ?? '')
  return { reached: times.filter((index) => !isPlanned(index)), planned: times.filter(isPlanned) }
}

function isTime(text: string): boolean {
  if (bareNumber.test(text)) return false
  const plain = readPlainTime(text, utc, false)
  if (plain !== undefined) return plain.ok || plain.cause === 'placeholder'
  return readWrittenTime(text)?.kind === 'written'
}
