import * as fc from 'fast-check'
import type { VisitRow } from '../visit-columns.ts'

/** Few values per dimension, so that visits share groups. */
export const visitRow: fc.Arbitrary<VisitRow> = fc
  .record({
    stage: fc.constantFrom(0, 1, 2, 500),
    order: fc.oneof(fc.nat(5), fc.constant(2 ** 20)),
    department: fc.nat(2),
    customer: fc.nat(4),
    customerClass: fc.constantFrom(0, 1, 255),
    product: fc.nat(4),
    enteredAt: fc.integer({ min: -1e9, max: 1e9 }),
    dwellMs: fc.oneof(fc.nat(1000), fc.nat(1e9), fc.constant(2 ** 41)),
    workingShare: fc.constantFrom(0, 0.3, 1),
    rework: fc.boolean(),
    limit: fc.constantFrom('none', 'kept', 'passed'),
  })
  .map(endingAfter)

interface Drawn extends Omit<VisitRow, 'leftAt' | 'workingMs' | 'hasTarget' | 'breach'> {
  readonly dwellMs: number
  readonly workingShare: number
  readonly limit: 'none' | 'kept' | 'passed'
}

function endingAfter({ dwellMs, workingShare, limit, ...row }: Drawn): VisitRow {
  const hasTarget = limit !== 'none'
  const at = row.enteredAt + Math.floor(dwellMs / 2)
  const breach = limit === 'passed' ? { at, overdueMs: row.enteredAt + dwellMs - at } : undefined
  return { ...row, leftAt: row.enteredAt + dwellMs, workingMs: Math.floor(workingShare * dwellMs), hasTarget, breach }
}
