import { AppError } from '../../platform/app-error.ts'
import { eventRowReader } from '../files/event-row.ts'
import { OrderGenerations } from '../files/order-generations.ts'
import type { KnownOrder } from '../files/order-generations.ts'
import type { ImportMonitor } from './import-monitor.ts'
import type { SurveyedFile } from './survey-file.ts'

/** What the site knows of an order; undefined: nothing. */
export type FindOrder = (order: string) => Promise<KnownOrder | undefined>

const reportEveryRows = 5000
/** A site is asked for each order of a file, which takes some minutes for so many. */
const mostAsked = 50_000

/**
 * Reads a file to tell orders apart that have the same number, when somebody has asked for that.
 * @param terminal stages that end an order.
 * @param find asks the site, so that a later file goes on with the numbers of an earlier one.
 * @throws AppError `too_large` when the file has more orders than can be asked for.
 */
export async function findGenerations(
  surveyed: SurveyedFile,
  terminal: ReadonlySet<string>,
  find: FindOrder,
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
  for (const order of orders) await know(generations, order, find)
  generations.settle()
  return { ...surveyed, generations }
}

async function know(generations: OrderGenerations, order: string, find: FindOrder): Promise<void> {
  for (let nth = 1; ; nth++) {
    const known = await find(nth === 1 ? order : `${order}#${nth}`)
    if (known === undefined) return
    generations.know(order, nth, known)
  }
}
