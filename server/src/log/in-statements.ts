import { setImmediate } from 'node:timers/promises'

/** The embedded database runs on the main thread, and this many rows take it about 20 ms. */
const rowsPerStatement = 1_000

/**
 * Processes a large number of rows in statements of bounded size, between which other work can run. No statement waits
 * for the previous one; the database executes them in order.
 */
export async function inStatements<Row, Result>(
  rows: readonly Row[],
  send: (rows: readonly Row[]) => Promise<Result>,
): Promise<Result[]> {
  if (rows.length === 0) return []
  if (rows.length <= rowsPerStatement) return [await send(rows)]
  const sent: Promise<Result>[] = []
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    if (from > 0) await setImmediate()
    const result = send(rows.slice(from, from + rowsPerStatement))
    // It may fail while the next one is being sent; its result is awaited below.
    result.catch(() => undefined)
    sent.push(result)
  }
  return Promise.all(sent)
}

/** The same without waiting for results: resolves when the last statement has been sent. */
export async function sendInStatements<Row>(
  rows: readonly Row[],
  send: (rows: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    if (from > 0) await setImmediate()
    void send(rows.slice(from, from + rowsPerStatement)).catch(() => undefined)
  }
}
