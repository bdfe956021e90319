import { setImmediate } from 'node:timers/promises'
import type { OrdersFileQuery, OrderSummary } from '@stagewatch/shared/contract/orders.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { csvLine } from '../platform/csv-line.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { ServerTexts } from '../platform/server-texts.ts'
import type { AnswerContext } from './answers.ts'
import { findAllOrders, matcher } from './find-orders.ts'
import { summarize } from './order-summary.ts'
import { viewOfSummary } from './private-order.ts'
import { questionWithin } from './question-within.ts'

const byteOrderMark = '\uFEFF'
const hourMs = 3_600_000
/** Written at once; between them everything else has its turn. */
const rowsPerPiece = 200

/**
 * The orders that answer a question as lines of CSV with titles, as a spreadsheet opens them. Values are those of the
 * instant at which a line is written; an order that answers the question no more by then is left out.
 * @throws AppError `forbidden` before the first line.
 */
export async function ordersFile(
  { sites, numbersAt }: AnswerContext,
  caller: Caller,
  { lang: _lang, ...query }: OrdersFileQuery,
  language: Language,
): Promise<AsyncGenerator<string>> {
  const { engine, privacy, site } = await sites.get(caller.site)
  const audience = audienceOf(caller, privacy.now)
  const now = numbersAt()
  const question = questionWithin(query, audience)
  const matches = matcher(question, audience.privacy)
  const orders = await findAllOrders(engine, question, matches, now)
  const columns = columnsOf(serverTexts(language).ordersFile, language, site.timeZone)

  return (async function* lines() {
    yield byteOrderMark + csvLine(columns.map(({ title }) => title))
    for (let start = 0; start < orders.length; start += rowsPerPiece) {
      const rows = orders.slice(start, start + rowsPerPiece).flatMap((order) => {
        const counted = engine.order(order)
        const current = engine.open.get(counted?.openSlot)
        // It may have gone to a department meanwhile that the caller does not see.
        if (counted === undefined || !matches(counted, current)) return []
        const view = viewOfSummary(summarize(counted, current, now), audience)
        return csvLine(columns.map(({ value }) => value(view)))
      })
      yield rows.join('')
      await setImmediate()
    }
  })()
}

interface FileColumn {
  readonly title: string
  readonly value: (order: OrderSummary) => string | number | undefined
}

function columnsOf(texts: ServerTexts['ordersFile'], language: Language, timeZone: string): FileColumn[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const time = (at: number | undefined) => (at === undefined ? undefined : format.format(at))
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
    { title: columns.product, value: ({ product }) => product },
    { title: columns.quantity, value: ({ quantity }) => quantity },
    { title: columns.amount, value: ({ amount }) => amount },
    { title: columns.currency, value: ({ currency }) => currency },
    { title: columns.department, value: ({ department }) => department },
    { title: columns.priority, value: ({ priority }) => priority },
    { title: columns.process, value: ({ process }) => process },
  ]
}

/** All states that hold, separated by semicolons; of an order that has ended, how. */
function stateWords(order: OrderSummary, states: ServerTexts['ordersFile']['states']): string {
  if (order.status !== 'open') return states[order.status]
  const held = (['held', 'stalled', 'overdue', 'atRisk', 'unclaimed'] as const).filter((state) => order[state])
  return held.length === 0 ? states.open : held.map((state) => states[state]).join('; ')
}
