import type { CopyRow } from '@stagewatch/db/copy-reader.ts'
import type { Handover, StageVisit, Wait } from '@stagewatch/shared/domain/stage-visit.ts'

/** In the order in which `readVisitRow` reads them; the first one is the order. */
export const visitCopyColumns = `
  v.order_id, v.stage, v.nth, v.entered_at, v.left_at, v.held_ms, v.cancelled, v.started_at, v.held_since, v.owner,
  v.department, v.reason, v.handovers, v.waits`

/** A visit as the fold has written it. */
export function readVisitRow(row: CopyRow): StageVisit {
  const visit: { -readonly [field in keyof StageVisit]: StageVisit[field] } = {
    stage: row.commonText(1),
    nth: row.integer(2),
    enteredAt: row.instant(3) ?? 0,
    heldMs: row.bigint(5),
  }
  // Set one by one: most visits have few of them, and spreading ten conditions took most of the time of a restart.
  if (!row.isNull(4)) visit.leftAt = row.instant(4) ?? 0
  if (row.boolean(6)) visit.cancelled = true
  if (!row.isNull(7)) visit.startedAt = row.instant(7) ?? 0
  if (!row.isNull(8)) visit.heldSince = row.instant(8) ?? 0
  if (!row.isNull(9)) visit.owner = row.commonText(9)
  if (!row.isNull(10)) visit.department = row.commonText(10)
  if (!row.isNull(11)) visit.reason = row.commonText(11)
  if (!row.isNull(12)) visit.handovers = row.json(12) as readonly Handover[]
  if (!row.isNull(13)) visit.waits = row.json(13) as readonly Wait[]
  return visit
}
