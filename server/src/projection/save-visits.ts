import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import { visits } from '@stagewatch/db/schema.ts'
import { writeColumns } from '@stagewatch/db/write-columns.ts'
import type { ColumnSources } from '@stagewatch/db/write-columns.ts'
import { allVisits } from '@stagewatch/shared/domain/all-visits.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { inStatements, sendInStatements } from '../log/in-statements.ts'
import type { FoldedChange } from './folded-change.ts'

export interface IndexedVisit {
  readonly order: string
  readonly index: number
  readonly visit: StageVisit
}

export const visitSources = {
  orderId: (row) => row.order,
  visitIndex: (row) => row.index,
  stage: (row) => row.visit.stage,
  nth: (row) => row.visit.nth,
  enteredAt: (row) => row.visit.enteredAt,
  startedAt: (row) => row.visit.startedAt,
  leftAt: (row) => row.visit.leftAt,
  heldMs: (row) => row.visit.heldMs,
  heldSince: (row) => row.visit.heldSince,
  cancelled: (row) => row.visit.cancelled === true,
  owner: (row) => row.visit.owner,
  department: (row) => row.visit.department,
  reason: (row) => row.visit.reason,
  handovers: (row) => row.visit.handovers,
  acknowledged: (row) => row.visit.acknowledged,
  waits: (row) => row.visit.waits,
  progress: (row) => row.visit.progress,
  positions: (row) => row.visit.positions,
  attributes: (row) => row.visit.attributes,
} satisfies ColumnSources<typeof visits, IndexedVisit>

const columns = writeColumns<typeof visits, IndexedVisit>({
  table: visits,
  sources: visitSources,
  firstParameter: 2,
})

const insertVisits = `insert into visits (site, ${columns.names}) select $1, ${columns.values} from ${columns.rows}`

const updateVisits = `
  update visits v set ${columns.assignments(['order_id', 'visit_index'])} from ${columns.rows}
  where v.site = $1 and v.order_id = t.order_id and v.visit_index = t.visit_index`

const deleteVisits = `
  delete from visits v using unnest($2::text[]) as t(order_id) where v.site = $1 and v.order_id = t.order_id`

const deleteSurplus = `
  delete from visits v using unnest($2::text[], $3::int[]) as t(order_id, count)
  where v.site = $1 and v.order_id = t.order_id and v.visit_index >= t.count`

/**
 * Writes the visits that differ from the table. If the table's content is unknown, all visits of the order are written
 * again: plain inserts and updates cost half as much as an upsert.
 */
export async function saveVisits(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const { unknown, surplus, fresh, changed } = differences(changes)
  // The database executes them in this order.
  await Promise.all([
    unknown.length > 0 && tx.query(deleteVisits, [site, unknown]),
    surplus.length > 0 &&
      tx.query(deleteSurplus, [site, surplus.map(({ order }) => order), surplus.map(({ count }) => count)]),
    write(tx, updateVisits, site, changed),
    write(tx, insertVisits, site, fresh),
  ])
}

/**
 * The same without waiting for completion.
 * @param changes with known table contents, and with at least as many visits as the table.
 */
export async function sendVisits(tx: Queryable, site: string, changes: readonly FoldedChange[]): Promise<void> {
  const { fresh, changed } = differences(changes)
  const send = (statement: string, rows: readonly IndexedVisit[]) =>
    sendInStatements(rows, (some) => tx.query(statement, [site, ...columns.parameters(some)]))
  await send(updateVisits, changed)
  await send(insertVisits, fresh)
}

/** The table operations that make it match the visits of folded orders. */
function differences(changes: readonly FoldedChange[]) {
  const unknown: string[] = []
  const surplus: { order: string; count: number }[] = []
  const fresh: IndexedVisit[] = []
  const changed: IndexedVisit[] = []
  for (const { order, state, savedVisits } of changes) {
    const current = state === undefined ? [] : allVisits(state)
    const saved = savedVisits ?? []
    if (savedVisits === undefined) unknown.push(order)
    else if (saved.length > current.length) surplus.push({ order, count: current.length })
    for (const [index, visit] of current.entries()) {
      const before = saved[index]
      if (before === undefined) fresh.push({ order, index, visit })
      else if (!sameVisit(before, visit)) changed.push({ order, index, visit })
    }
  }
  return { unknown, surplus, fresh, changed }
}

async function write(tx: Queryable, statement: string, site: string, rows: readonly IndexedVisit[]): Promise<void> {
  await inStatements(rows, (some) => tx.query(statement, [site, ...columns.parameters(some)]))
}

const plainFields = [
  'stage',
  'nth',
  'enteredAt',
  'startedAt',
  'leftAt',
  'heldMs',
  'heldSince',
  'cancelled',
  'owner',
  'department',
  'reason',
] as const satisfies readonly (keyof StageVisit)[]

function sameVisit(a: StageVisit, b: StageVisit): boolean {
  return (
    a === b ||
    (plainFields.every((field) => a[field] === b[field]) &&
      sameJson(a.handovers, b.handovers) &&
      sameJson(a.acknowledged, b.acknowledged) &&
      sameJson(a.waits, b.waits) &&
      sameJson(a.progress, b.progress) &&
      sameJson(a.positions, b.positions) &&
      sameJson(a.attributes, b.attributes))
  )
}

/** Most visits have neither value, so no comparison is needed. */
function sameJson(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b)
}
