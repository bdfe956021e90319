import { writtenFile } from '../../files/testing/written-file.ts'
import { openTable } from '../open-table.ts'
import type { TableFacts } from '../table-facts.ts'
import type { TableOptions, TableRecord } from '../table-file.ts'
import type { TableRemark } from '../table-remarks.ts'

export interface ReadTable {
  readonly header: readonly string[]
  readonly records: readonly TableRecord[]
  readonly facts: TableFacts
  readonly remarks: readonly TableRemark[]
  /** Cells of the rows without a problem. */
  readonly cells: readonly (readonly string[])[]
}

export function readTable(content: string | Uint8Array, options?: TableOptions): Promise<ReadTable> {
  return readTableFile(writtenFile(content), options)
}

/** Reads a file completely, twice: a second pass yields the same. */
export async function readTableFile(path: string, options?: TableOptions): Promise<ReadTable> {
  const file = await openTable(path, options)
  try {
    await Array.fromAsync(file.batches)
    const records = (await Array.fromAsync(file.batches)).flat()
    const { header, facts } = file
    const cells = records.filter((record) => record.problem === undefined).map((record) => record.cells)
    return { header, records, facts, remarks: file.remarks(), cells }
  } finally {
    await file.close()
  }
}
