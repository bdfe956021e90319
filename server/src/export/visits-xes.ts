import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { fixedTimeText } from '@stagewatch/shared/domain/fixed-time.ts'
import { and, count, eq, gt, gte, lt, ne } from 'drizzle-orm'
import type { ExportCounts, ExportProgress } from './export-summary.ts'
import type { EventChoice } from './read-log.ts'

/** Orders that are read at once. */
const slice = 500

const orderColumns = {
  order: orders.orderId,
  status: orders.status,
  customer: orders.customer,
  product: orders.product,
  promisedAt: orders.promisedAt,
}

const visitColumns = {
  order: visits.orderId,
  index: visits.visitIndex,
  stage: visits.stage,
  enteredAt: visits.enteredAt,
  startedAt: visits.startedAt,
  leftAt: visits.leftAt,
  heldMs: visits.heldMs,
  heldSince: visits.heldSince,
  cancelled: visits.cancelled,
  owner: visits.owner,
  department: visits.department,
}

type VisitRow = Pick<typeof visits.$inferSelect, Exclude<keyof typeof visitColumns, 'order' | 'index'>> & {
  readonly order: string
  readonly index: number
}
type OrderRow = Pick<typeof orders.$inferSelect, 'status' | 'customer' | 'product' | 'promisedAt'> & {
  readonly order: string
}

const logStart = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="lifecycle:model" value="standard"/>
`
const logEnd = '</log>\n'

/**
 * The visits of all orders as an event log by IEEE 1849 (https://www.xes-standard.org): a trace for each order, with
 * transitions of the standard lifecycle. `schedule` is when the order came to the stage, `start` when work began, and
 * `complete` when it left, or `ate_abort` if the visit was cancelled. Each order is as it is when its trace is written.
 */
export async function* visitsAsXes(
  database: Database,
  { site, from, to, process }: EventChoice,
  counts: ExportCounts,
  progress: ExportProgress,
): AsyncGenerator<string> {
  const on = drizzleOn(database.longRunning)
  const isOrder = and(
    eq(orders.site, site),
    ne(orders.status, 'void'),
    process === undefined ? undefined : eq(orders.process, process),
  )
  const isVisit = and(
    eq(visits.site, site),
    from === undefined ? undefined : gte(visits.enteredAt, from),
    to === undefined ? undefined : lt(visits.enteredAt, to),
  )
  const [total] = await on.select({ count: count() }).from(orders).where(isOrder)
  let [done, last] = [0, '']
  yield logStart
  for (;;) {
    const page = await on
      .select(orderColumns)
      .from(orders)
      .where(and(isOrder, gt(orders.orderId, last)))
      .orderBy(orders.orderId)
      .limit(slice)
    const named = page.map(({ order }) => order)
    const rows = await on
      .select(visitColumns)
      .from(visits)
      .where(and(isVisit, anyOf(visits.orderId, named)))
      .orderBy(visits.orderId, visits.visitIndex)
    const byOrder = Map.groupBy(rows, ({ order }) => order)
    const traces = page.map((order) => trace(order, byOrder.get(order.order) ?? [], counts)).join('')
    if (traces !== '') yield traces
    done += page.length
    progress(done / Math.max(1, total?.count ?? 0), counts.written)
    const end = page.at(-1)
    if (end === undefined || page.length < slice) break
    last = end.order
  }
  yield logEnd
}

function trace(order: OrderRow, rows: readonly VisitRow[], counts: ExportCounts): string {
  if (rows.length === 0) {
    counts.leaveOut('orders_without_visits')
    return ''
  }
  if (order.status !== 'open') counts.leaveOut('ends')
  const held = rows.filter(({ heldMs, heldSince }) => heldMs > 0 || heldSince !== null).length
  if (held > 0) counts.leaveOut('holds', held)
  const transitions = rows.flatMap(transitionsOf).toSorted((a, b) => a.at - b.at)
  counts.written += transitions.length
  const events = transitions.map(({ visit, transition, at }, index) =>
    eventElement(visit, transition, at, index === 0 ? order : undefined),
  )
  return `  <trace>\n    ${text('concept:name', order.order)}\n${events.join('')}  </trace>\n`
}

interface VisitTransition {
  readonly visit: VisitRow
  readonly transition: 'schedule' | 'start' | 'complete' | 'ate_abort'
  /** Epoch ms. */
  readonly at: number
}

function transitionsOf(visit: VisitRow): VisitTransition[] {
  const { enteredAt, startedAt, leftAt, cancelled } = visit
  return [
    { visit, transition: 'schedule', at: enteredAt },
    ...(startedAt === null ? [] : [{ visit, transition: 'start', at: startedAt } as const]),
    ...(leftAt === null ? [] : [{ visit, transition: cancelled ? 'ate_abort' : 'complete', at: leftAt } as const]),
  ]
}

/** @param order whose facts the first event of a trace has, where an import finds them. */
function eventElement(
  { stage, index, owner, department }: VisitRow,
  transition: VisitTransition['transition'],
  at: number,
  order: OrderRow | undefined,
): string {
  const attributes = [
    text('concept:name', stage),
    text('concept:instance', String(index)),
    text('lifecycle:transition', transition),
    date('time:timestamp', at),
    text('org:resource', owner),
    text('org:group', department),
    text('customer', order?.customer),
    text('product', order?.product),
    date('due_at', order?.promisedAt),
  ]
  const lines = attributes.filter((attribute) => attribute !== '').map((attribute) => `      ${attribute}\n`)
  return `    <event>\n${lines.join('')}    </event>\n`
}

function text(key: string, value: string | null | undefined): string {
  return value === null || value === undefined ? '' : `<string key="${key}" value="${escaped(value)}"/>`
}

function date(key: string, at: number | null | undefined): string {
  return at === null || at === undefined ? '' : `<date key="${key}" value="${fixedTimeText(at)}"/>`
}

/** Characters that XML 1.0 does not allow, not even as a reference, or discourages. */
const forbidden = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

function escaped(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(forbidden, '\uFFFD')
    .replaceAll(/[&<>"\t\n\r]/g, (char) => references[char] ?? char)
}
