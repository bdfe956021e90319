import { setImmediate } from 'node:timers/promises'
import type { OrdersFileQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { csvLine } from '../platform/csv-line.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { ServerTexts } from '../platform/server-texts.ts'
import { maxSheetRows, sheetInstant, xlsxFile } from '../platform/xlsx-file.ts'
import type { AnswerContext } from './answers.ts'
import { findAllOrders } from './find-orders.ts'
import { asksForOlder } from './older-orders.ts'
import { listOrder } from './order-sort.ts'
import type { SortKey } from './order-sort.ts'
import { summarize } from './order-summary.ts'
import { viewOfSummary } from './private-order.ts'
import { restrictQuery } from './restrict-query.ts'
import { representativeVisit } from './representative-visit.ts'
import { matcher } from './match-order.ts'

const byteOrderMark = '\uFEFF'
const hourMs = 3_600_000
/** Rows written at once; other work runs in between. */
const rowsPerPiece = 200
/** Rows read at once from the database. */
const olderPerPiece = 1_000

/**
 * The matching orders with column titles, for a spreadsheet. Each row has its values at the instant when it is written;
 * an order that no longer matches by then is omitted.
 */
export interface OrdersFile {
  readonly titles: readonly string[]
  /** In pieces, between which other work runs. */
  readonly rows: AsyncIterable<readonly (readonly FileCell[])[]>
  /** Upper bound for the number of rows. */
  readonly count: number
  /** IANA zone of the site, in which instants are written. */
  readonly timeZone: string
}

/** @throws AppError `forbidden` before the first row. */
export async function ordersFile(
  { sites, olderOrders, numbersAt }: AnswerContext,
  caller: Caller,
  { lang: _lang, ...query }: OrdersFileQuery,
  language: Language,
): Promise<OrdersFile> {
  const { engine, departments, privacy, site } = await sites.get(caller.site)
  const audience = audienceOf(caller, privacy.now)
  const now = numbersAt()
  const question = restrictQuery(query, audience, departments.now)
  const matches = matcher(question, { privacy: audience.privacy, now })
  const orders = await findAllOrders(
    engine,
    question,
    listOrder(question, audience, engine.departmentTexts),
    now,
    audience,
  )
  const reader = { engine, caller, audience }
  const olderCount = asksForOlder(engine, question) ? await olderOrders.count(reader, question) : 0
  const columns = columnsOf(serverTexts(language).ordersFile, language, site.timeZone)

  async function* rows() {
    for (let start = 0; start < orders.length; start += rowsPerPiece) {
      yield orders.slice(start, start + rowsPerPiece).flatMap((order) => {
        const counted = engine.order(order)
        const current = representativeVisit(engine, engine.open.get(counted?.openSlot), question.department, now)
        // It may have moved to a department that the caller cannot see.
        if (counted === undefined || !matches(counted, current)) return []
        const view = viewOfSummary(summarize(counted, current, now), audience)
        return [columns.map(({ value }) => value(view))]
      })
      await setImmediate()
    }
    let after: SortKey | undefined
    do {
      if (olderCount === 0) return
      const page = await olderOrders.page(reader, { ...question, limit: olderPerPiece }, after)
      yield page.orders.map((view) => columns.map(({ value }) => value(view)))
      after = page.last
    } while (after !== undefined)
  }
  const count = orders.length + olderCount
  return { titles: columns.map(({ title }) => title), rows: rows(), count, timeZone: site.timeZone }
}

/** CSV lines with a byte order mark, by which a spreadsheet detects UTF-8. */
export async function* csvLines({ titles, rows, timeZone }: OrdersFile): AsyncGenerator<string> {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const shown = (cell: FileCell) => (cell instanceof Date ? format.format(cell) : cell)
  yield byteOrderMark + csvLine(titles)
  for await (const piece of rows) yield piece.map((row) => csvLine(row.map(shown))).join('')
}

/** @throws AppError `too_large` if there are more rows than a sheet can have. */
export function xlsxPieces({ titles, rows, count, timeZone }: OrdersFile, name: string): AsyncGenerator<Uint8Array> {
  if (count >= maxSheetRows) {
    throw new AppError('too_large', `a sheet has ${maxSheetRows} rows: choose fewer orders, or CSV`)
  }
  const days = new LocalDays(timeZone)
  const shown = (cell: FileCell) =>
    cell instanceof Date ? sheetInstant(cell.getTime() + days.offsetAt(cell.getTime())) : cell
  async function* cells() {
    for await (const piece of rows) yield piece.map((row) => row.map(shown))
  }
  return xlsxFile({ name, titles, rows: cells() })
}

/** A date is an instant. Undefined: an empty cell. */
type FileCell = string | number | Date | undefined

interface FileColumn {
  readonly title: string
  readonly value: (order: OrderSummary) => FileCell
}

function columnsOf(texts: ServerTexts['ordersFile'], language: Language, timeZone: string): FileColumn[] {
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at))
  const hours = (ms: number | undefined) => (ms === undefined ? undefined : Math.round((ms / hourMs) * 100) / 100)
  const inZone = (title: string) => `${title} (${timeZone})`
  const { columns, states } = texts
  return [
    { title: columns.order, value: ({ order }) => order },
    { title: columns.state, value: (order) => stateWords(order, states) },
    { title: columns.customer, value: ({ customer }) => customer },
    { title: columns.stage, value: ({ stageName }) => stageName && textIn(stageName, language) },
    { title: inZone(columns.entered), value: ({ enteredAt }) => time(enteredAt) },
    { title: inZone(columns.limit), value: ({ dueAt }) => time(dueAt) },
    { title: columns.overdue, value: ({ overdueMs }) => hours(overdueMs) },
    { title: columns.owner, value: ({ owner }) => owner },
    { title: columns.reason, value: ({ reason }) => reason },
    { title: inZone(columns.promised), value: ({ promisedAt }) => time(promisedAt) },
    { title: inZone(columns.placed), value: ({ placedAt }) => time(placedAt) },
    { title: inZone(columns.ended), value: ({ endedAt }) => time(endedAt) },
    { title: columns.age, value: ({ ageMs }) => hours(ageMs) },
    { title: columns.customerClass, value: ({ customerClass }) => customerClass },
    { title: columns.product, value: ({ product }) => product },
    { title: columns.quantity, value: ({ quantity }) => quantity },
    { title: columns.amount, value: ({ amount }) => amount },
    { title: columns.currency, value: ({ currency }) => currency },
    { title: columns.department, value: ({ department }) => department },
    { title: columns.priority, value: ({ priority }) => priority },
    { title: columns.waybill, value: ({ waybill }) => waybill },
    { title: columns.process, value: ({ process }) => process },
  ]
}

/** All current states, separated by semicolons; for an ended order, how it ended. */
function stateWords(order: OrderSummary, states: ServerTexts['ordersFile']['states']): string {
  if (order.status !== 'open') return states[order.status]
  const held = (['held', 'stalled', 'overdue', 'atRisk', 'unclaimed'] as const).filter((state) => order[state])
  return held.length === 0 ? states.open : held.map((state) => states[state]).join('; ')
}
