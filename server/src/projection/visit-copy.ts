import { copyColumns } from '@stagewatch/db/copy-columns.ts'
import type { CopyRow } from '@stagewatch/db/copy-reader.ts'
import { visits } from '@stagewatch/db/schema.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import type { Acknowledgement, Handover, StageVisit, Wait } from '@stagewatch/shared/domain/stage-visit.ts'

export const visitCopy = copyColumns(visits, [
  'orderId',
  'stage',
  'nth',
  'enteredAt',
  'leftAt',
  'heldMs',
  'cancelled',
  'startedAt',
  'heldSince',
  'owner',
  'department',
  'reason',
  'handovers',
  'acknowledged',
  'waits',
  'progress',
  'positions',
  'attributes',
])
const { at } = visitCopy

/** A visit as written by the fold. */
export function readVisitRow(row: CopyRow): StageVisit {
  const visit: { -readonly [field in keyof StageVisit]: StageVisit[field] } = {
    stage: row.commonText(at.stage),
    nth: row.integer(at.nth),
    enteredAt: row.instant(at.enteredAt) ?? 0,
    heldMs: row.bigint(at.heldMs),
  }
  // Set one by one: most visits have few of these fields, and ten conditional spreads took most of the time of a
  // restart.
  const leftAt = row.instant(at.leftAt)
  const startedAt = row.instant(at.startedAt)
  const heldSince = row.instant(at.heldSince)
  if (leftAt !== undefined) visit.leftAt = leftAt
  if (row.boolean(at.cancelled)) visit.cancelled = true
  if (startedAt !== undefined) visit.startedAt = startedAt
  if (heldSince !== undefined) visit.heldSince = heldSince
  if (!row.isNull(at.owner)) visit.owner = row.commonText(at.owner)
  if (!row.isNull(at.department)) visit.department = row.commonText(at.department)
  if (!row.isNull(at.reason)) visit.reason = row.commonText(at.reason)
  if (!row.isNull(at.handovers)) visit.handovers = row.json(at.handovers) as readonly Handover[]
  if (!row.isNull(at.acknowledged)) visit.acknowledged = row.json(at.acknowledged) as Acknowledgement
  if (!row.isNull(at.waits)) visit.waits = row.json(at.waits) as readonly Wait[]
  if (!row.isNull(at.progress)) visit.progress = row.json(at.progress) as readonly number[]
  if (!row.isNull(at.positions)) visit.positions = row.json(at.positions) as readonly number[]
  if (!row.isNull(at.attributes)) visit.attributes = row.json(at.attributes) as OrderAttributes
  return visit
}
