import * as fc from 'fast-check'
import type { VisitRow } from '../visit-columns.ts'

/** Few values in each dimension, so that visits meet in groups. */
export const visitRow: fc.Arbitrary<VisitRow> = fc
  .record({
    stage: fc.constantFrom(0, 1, 2, 500),
    order: fc.oneof(fc.nat(5), fc.constant(2 ** 20)),
    department: fc.nat(2),
    customer: fc.nat(4),
    product: fc.nat(4),
    enteredAt: fc.integer({ min: -1e9, max: 1e9 }),
    dwellMs: fc.oneof(fc.nat(1000), fc.nat(1e9)),
    heldMs: fc.oneof(fc.nat(100), fc.constant(2 ** 32), fc.maxSafeNat()),
    rework: fc.boolean(),
    breached: fc.boolean(),
  })
  .map(endingAfter)

function endingAfter({ dwellMs, ...row }: Omit<VisitRow, 'leftAt'> & { dwellMs: number }): VisitRow {
  return { ...row, leftAt: row.enteredAt + dwellMs }
}
