import { waitCauses } from '@stagewatch/shared/domain/stage-visit.ts'
import type { TwoClocks } from '@stagewatch/shared/domain/visit-times.ts'
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

/** Rows of which some say how their time was spent: waiting and held do not overlap, and causes explain some of both. */
export const partedRow: fc.Arbitrary<VisitRow> = fc
  .tuple(
    visitRow,
    fc.constantFrom('nothing', 'waiting', 'started'),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
    fc.subarray([...waitCauses]),
  )
  .map(([row, reported, waitingShare, heldShare, causes]) => {
    if (reported === 'nothing') return row
    const [elapsedMs, workingMs] = [row.leftAt - row.enteredAt, row.workingMs]
    const part = (share: number): TwoClocks => ({
      elapsedMs: Math.floor(elapsedMs * share),
      workingMs: Math.floor(workingMs * share),
    })
    const held = part(heldShare)
    const waiting = part((1 - heldShare) * waitingShare)
    const ofCauses = causes.map((cause) => [cause, part(((1 - heldShare) * waitingShare) / causes.length)] as const)
    return { ...row, parts: { isStarted: reported === 'started', waiting, held, causes: new Map(ofCauses) } }
  })
