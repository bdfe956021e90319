import { parentPort } from 'node:worker_threads'
import { batchStarts, VisitBatch } from '../visit-batch.ts'
import { VisitColumns } from '../visit-columns.ts'
import { FlowTable } from '../flow-table.ts'
import { GroupTable } from '../group-table.ts'
import { PartTable } from '../part-table.ts'
import { SumTable } from '../sum-table.ts'
import { StageTable } from '../stage-table.ts'
import type { PackedTable, TablePlan, VisitTable } from '../visit-table.ts'
import type { ScanAnswer, ScanTask } from './scan-task.ts'

/**
 * Chunks by store. This module runs on a pool thread, which only reads them; the server's main thread writes them
 * concurrently.
 */
const chunksOf = new Map<number, VisitColumns[]>()

parentPort?.on('message', (task: ScanTask) => {
  const answer = scan(task)
  parentPort?.postMessage(answer, buffersOf(answer.table))
})

function scan({
  id,
  filter,
  clock,
  plan,
  store,
  newChunks,
  newParts,
  usedRows,
  chunks,
  next,
  forgottenStores,
}: ScanTask): ScanAnswer {
  for (const forgotten of forgottenStores) chunksOf.delete(forgotten)
  const columns = chunksOf.get(store) ?? []
  chunksOf.set(store, columns)
  for (const memory of newChunks) columns.push(new VisitColumns(memory))
  for (const { chunk, part, memory } of newParts) columns[chunk]?.addRarePart(part, memory)
  const table = emptyTable(plan)
  const batch = new VisitBatch({ filter, clock, ...table.reads })
  const unread: number[] = []
  for (let chunk = take(); chunk !== undefined; chunk = take()) {
    const some = columns[chunk]
    if (some === undefined) throw new RangeError(`chunk ${chunk} of store ${store} was not sent`)
    for (const row of batchStarts(chunk, usedRows)) {
      if (batch.read(some, row, usedRows)) table.add(batch)
      else unread.push(row)
      if (table.isFull) break
    }
    // The other threads can stop as well.
    if (table.isFull) Atomics.store(next, 0, chunks.length)
  }
  return { id, table: table.pack(), unread }

  function take(): number | undefined {
    return chunks[Atomics.add(next, 0, 1)]
  }
}

function emptyTable(plan: TablePlan): VisitTable {
  switch (plan.kind) {
    case 'stages':
      return new StageTable()
    case 'groups':
      return new GroupTable(plan)
    case 'sums':
      return new SumTable(plan)
    case 'flow':
      return new FlowTable(plan)
    case 'parts':
      return new PartTable(plan)
  }
}

function buffersOf({ cells, groups, orders }: PackedTable): ArrayBuffer[] {
  // The packed arrays are not shared, so they can be transferred.
  return [cells, groups.heads, groups.buckets, orders].map(({ buffer }) => buffer as ArrayBuffer)
}
