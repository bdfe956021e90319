import { AppError } from '../../platform/app-error.ts'
import { eventRowReader } from '../files/event-row.ts'
import { OrderGenerations } from '../files/order-generations.ts'
import type { KnownOrder } from '../files/order-generations.ts'
import type { ImportMonitor } from './import-monitor.ts'
import type { SurveyedFile } from './survey-file.ts'

/** Looks up orders that the site may have recorded. */
export interface OrderFinder {
  /** Maximum number of orders of a file that are looked up; undefined: no limit. */
  readonly mostAsked?: number
  /** What the site has recorded about each order, in the requested order; undefined for unknown orders. */
  readonly find: (orders: readonly string[]) => Promise<readonly (KnownOrder | undefined)[]>
}

const reportEveryRows = 5000
const askedAtOnce = 1_000

/**
 * Reads a file to distinguish orders with the same number, if the options require it.
 * @param terminal stages that end an order.
 * @param finder looks up orders of the site, so that a later file continues the numbering of an earlier one.
 * @throws AppError `too_large` if the file has more orders than can be looked up.
 */
export async function findGenerations(
  surveyed: SurveyedFile,
  terminal: ReadonlySet<string>,
  { mostAsked = Infinity, find }: OrderFinder,
  monitor: ImportMonitor,
): Promise<SurveyedFile> {
  const { file, how, readings } = surveyed
  if (how.reuseAfterMs === undefined || how.orders) return surveyed
  const generations = new OrderGenerations(how.reuseAfterMs, terminal)
  const progress = monitor.openProgress('stages')
  try {
    const reader = eventRowReader(file.header, { ...how, readings })
    for await (const batch of file.batches) {
      for (const record of batch) {
        const outcome = reader.read(record)
        if (outcome.ok) generations.add(outcome.value.order, outcome.value.stage, outcome.value.occurredAt)
        if (record.row % reportEveryRows === 0) progress.update(file.readBytes() / file.sizeBytes, record.row)
      }
      if (monitor.stopped.aborted) throw new AppError('not_ready', 'stopped before anything was sent')
    }
  } finally {
    progress.close()
  }
  const { orders } = generations
  if (orders.length > mostAsked)
    throw new AppError(
      'too_large',
      `reuseAfter (--reuse-after) looks each order of the file up, ${mostAsked} at most; the file has ${orders.length}: split it by order`,
    )
  for (let at = 0; at < orders.length; at += askedAtOnce) {
    await know(generations, orders.slice(at, at + askedAtOnce), find)
  }
  generations.settle()
  return { ...surveyed, generations }
}

/** Looks up the orders, then the second orders of the numbers that were found, and so on. */
async function know(
  generations: OrderGenerations,
  orders: readonly string[],
  find: OrderFinder['find'],
): Promise<void> {
  let asked = orders
  for (let nth = 1; asked.length > 0; nth++) {
    const found = await find(nth === 1 ? asked : asked.map((order) => `${order}#${nth}`))
    const known = asked.flatMap((order, place) => {
      const one = found[place]
      return one === undefined ? [] : [[order, one] as const]
    })
    for (const [order, one] of known) generations.know(order, nth, one)
    asked = known.map(([order]) => order)
  }
}
