import { plural, shownText } from '../../platform/english-text.ts'
import type { TableFile, TableRecord } from './table-file.ts'
import type { TableRemark } from './table-remarks.ts'
import { RemarkCounts } from './table-remarks.ts'

/** A column of times, each of which is when the order of its row reached a stage. */
export interface Milestone {
  readonly index: number
  readonly stage: string
}

/** Columns appended to the table. */
const addedColumns = ['milestone', 'reached_at'] as const

/** Whether the header is that of an unpivoted table written to a file, such as rejected rows. */
export function isUnpivoted(header: readonly string[]): boolean {
  return addedColumns.every((name) => header.includes(name))
}

/** An order does not have more milestones than this. */
const maxKept = 1_000

/**
 * Converts the table to one row per milestone that an order has reached, in the order of the milestones: the cells of
 * its row, plus two columns for the stage and the time. Consecutive rows with the same values for one order, such as
 * those of its items, count once.
 */
export function unpivoted(table: TableFile, wide: WideRows): TableFile {
  const { milestones } = wide
  const columns = new Set(milestones.map(({ index }) => index))
  // Their names are cleared, so that they are not mistaken for columns of other times.
  const kept = table.header.map((name, index) => (columns.has(index) ? '' : name))
  let remarks = new RemarkCounts()
  return {
    ...forwarded(table),
    header: [...kept, ...addedColumns],
    fullHeader: [...table.header, ...addedColumns],
    get batches() {
      remarks = new RemarkCounts()
      return unpivotedRows(table, { ...wide, remarks })
    },
    get facts() {
      return table.facts
    },
    remarks: () => [...table.remarks(), ...remarksOf(table.header, milestones, remarks)],
  }
}

function forwarded(table: TableFile): Pick<TableFile, 'sizeBytes' | 'readBytes' | 'close'> {
  return { sizeBytes: table.sizeBytes, readBytes: () => table.readBytes(), close: () => table.close() }
}

export interface WideRows {
  readonly milestones: readonly Milestone[]
  /** Index of the column of orders. */
  readonly orderIndex: number
  /** Whether the cell of a milestone says that the order has not reached it. */
  readonly saysNotReached: (cell: string) => boolean
}

interface Unpivoting extends WideRows {
  readonly remarks: RemarkCounts
}

async function* unpivotedRows(table: TableFile, unpivoting: Unpivoting): AsyncGenerator<readonly TableRecord[]> {
  const rows = new UnpivotedRows(table.header.length, unpivoting)
  for await (const batch of table.batches) yield batch.flatMap((record) => rows.of(record))
}

/** Converts the rows of one table, which have to be passed in file order. */
class UnpivotedRows {
  readonly #width: number
  readonly #unpivoting: Unpivoting
  #row = 0
  #order: string | undefined
  #told = new Set<string>()

  constructor(width: number, unpivoting: Unpivoting) {
    this.#width = width
    this.#unpivoting = unpivoting
  }

  of(record: TableRecord): readonly TableRecord[] {
    const { cells, line, problem, hasLineEnd } = record
    const { milestones, orderIndex, saysNotReached, remarks } = this.#unpivoting
    const width = this.#width
    if (problem !== undefined || cells.findLastIndex((cell) => cell !== '') >= width) {
      this.#row += 1
      return [{ ...record, row: this.#row, problem: problem ?? tooWide(cells, width) }]
    }
    const all = Array.from({ length: width }, (_, i) => cells[i] ?? '')
    if (all[orderIndex] !== this.#order || this.#told.size > maxKept) {
      this.#order = all[orderIndex]
      this.#told = new Set()
    }
    const reached = milestones.filter(({ index }) => !saysNotReached(all[index] ?? ''))
    if (reached.length === 0) remarks.add('no_milestone', line)
    return reached.flatMap(({ index, stage }) => {
      const time = all[index] ?? ''
      const key = `${index} ${time}`
      if (this.#told.has(key)) {
        remarks.add('repeated_milestones', line)
        return []
      }
      this.#told.add(key)
      this.#row += 1
      const isWhole = hasLineEnd !== false || index < width - 1
      return [{ row: this.#row, line, cells: [...all, stage, time], hasLineEnd: isWhole }]
    })
  }
}

function tooWide(cells: readonly string[], width: number): TableRecord['problem'] {
  const extra = cells.findLastIndex((cell) => cell !== '') + 1
  const message = `the row has ${extra} cells and the header ${width}; a quote or a delimiter is wrong`
  return { code: 'bad_request', field: '', message, cause: 'extra_cells' }
}

function remarksOf(
  header: readonly string[],
  milestones: readonly Milestone[],
  remarks: RemarkCounts,
): readonly TableRemark[] {
  const shown = milestones.map(({ index, stage }) => `${shownText(stage)} ← ${shownText(header[index] ?? '')}`)
  const found = [
    {
      code: 'milestones' as const,
      count: milestones.length,
      lines: [],
      params: { milestones: shown.join(', ') },
      text: `a row is an order with its milestones: ${shown.join(', ')}; an empty cell is one that was not reached`,
    },
    remarks.remark(
      'no_milestone',
      (count, places) => `${plural(count, 'row')} without any milestone, of which nothing is read (${places})`,
    ),
    remarks.remark(
      'repeated_milestones',
      (count, places) => `${plural(count, 'milestone')} repeated in a further row of the same order (${places})`,
    ),
  ]
  return found.filter((remark) => remark !== undefined)
}
