import { setImmediate } from 'node:timers/promises'
import type { OrdersFileQuery, OrderSummary } from '@stagewatch/shared/contract/orders.ts'
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
import { questionWithin } from './question-within.ts'
import { matcher } from './match-order.ts'

const byteOrderMark = '\uFEFF'
const hourMs = 3_600_000
/** Written at once; between them everything else has its turn. */
const rowsPerPiece = 200
/** Read at once from the database. */
const olderPerPiece = 1_000

/**
 * The orders that answer a question, with titles, as a spreadsheet opens them. Values are those of the instant at which a
 * row is written; an order that answers the question no more by then is left out.
 */
export interface OrdersFile {
  readonly titles: readonly string[]
  /** In pieces, between which everything else has its turn. */
  readonly rows: AsyncIterable<readonly (readonly FileCell[])[]>
  /** Of the rows at most. */
  readonly count: number
  /** IANA zone of the site, by which instants are told. */
  readonly timeZone: string
}

/** @throws AppError `forbidden` before the first row. */
export async function ordersFile(
  { sites, olderOrders, numbersAt }: AnswerContext,
  caller: Caller,
  { lang: _lang, ...query }: OrdersFileQuery,
  language: Language,
): Promise<OrdersFile> {
  const { engine, privacy, site } = await sites.get(caller.site)
  const audience = audienceOf(caller, privacy.now)
  const now = numbersAt()
  const question = questionWithin(query, audience)
  const matches = matcher(question, { privacy: audience.privacy, now })
  const orders = await findAllOrders(engine, question, listOrder(question, audience), now, audience)
  const reader = { engine, caller, audience }
  const olderCount = asksForOlder(engine, question) ? await olderOrders.count(reader, question) : 0
  const columns = columnsOf(serverTexts(language).ordersFile, language, site.timeZone)

  async function* rows() {
    for (let start = 0; start < orders.length; start += rowsPerPiece) {
      yield orders.slice(start, start + rowsPerPiece).flatMap((order) => {
        const counted = engine.order(order)
        const current = engine.open.get(counted?.openSlot)
        // It may have gone to a department meanwhile that the caller does not see.
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

/** Lines of CSV behind a byte order mark, by which a spreadsheet knows UTF-8. */
export async function* csvLines({ titles, rows, timeZone }: OrdersFile): AsyncGenerator<string> {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const shown = (cell: FileCell) => (cell instanceof Date ? format.format(cell) : cell)
  yield byteOrderMark + csvLine(titles)
  for await (const piece of rows) yield piece.map((row) => csvLine(row.map(shown))).join('')
}

/** @throws AppError `too_large` when a sheet does not have so many rows. */
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

/** A date is an instant; undefined: an empty cell. */
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

/** All states that hold, separated by semicolons; of an order that has ended, how. */
function stateWords(order: OrderSummary, states: ServerTexts['ordersFile']['states']): string {
  if (order.status !== 'open') return states[order.status]
  const held = (['held', 'stalled', 'overdue', 'atRisk', 'unclaimed'] as const).filter((state) => order[state])
  return held.length === 0 ? states.open : held.map((state) => states[state]).join('; ')
}
