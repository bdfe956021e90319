import { setImmediate } from 'node:timers/promises'

/** The embedded database works on the thread that serves everybody: so many rows take it some 20 ms. */
const rowsPerStatement = 1_000

/**
 * Hands very many rows on in statements of bounded size, between which everything else has its turn. No statement
 * waits for the one before it; the database keeps to their order.
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
    // It may fail while the next one is being sent, and is waited for below.
    result.catch(() => undefined)
    sent.push(result)
  }
  return Promise.all(sent)
}

/** The same without waiting for any answer: resolves when the last statement is sent. */
export async function sendInStatements<Row>(
  rows: readonly Row[],
  send: (rows: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    if (from > 0) await setImmediate()
    void send(rows.slice(from, from + rowsPerStatement)).catch(() => undefined)
  }
}
