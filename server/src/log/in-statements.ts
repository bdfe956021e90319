import { setImmediate } from 'node:timers/promises'

/** The embedded database runs on the main thread, and this many rows take it about 20 ms. */
const rowsPerStatement = 1_000
/**
 * Measuring and writing this many characters takes up to 10 ms where they are thousands of different keys; a row may have
 * 16 KiB of data, and usual ones have a few hundred characters.
 */
const lengthPerStatement = 256 * 1024

/**
 * Processes a large number of rows in statements of bounded size, between which other work can run. No statement waits
 * for the previous one; the database executes them in order.
 * @param lengthOf approximate length of a row as text, if rows may be long.
 */
export async function inStatements<Row, Result>(
  rows: readonly Row[],
  send: (rows: readonly Row[]) => Promise<Result>,
  lengthOf?: (row: Row) => number,
): Promise<Result[]> {
  const sent: Promise<Result>[] = []
  for (const some of statementsOf(rows, lengthOf)) {
    if (sent.length > 0) await setImmediate()
    // A statement of drizzle is executed again whenever it is awaited, so it is turned into a promise.
    const result = (async () => send(some))()
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
  lengthOf?: (row: Row) => number,
): Promise<void> {
  let isFirst = true
  for (const some of statementsOf(rows, lengthOf)) {
    if (!isFirst) await setImmediate()
    isFirst = false
    void send(some).catch(() => undefined)
  }
}

function* statementsOf<Row>(rows: readonly Row[], lengthOf?: (row: Row) => number): Generator<readonly Row[]> {
  if (lengthOf === undefined && rows.length <= rowsPerStatement) {
    if (rows.length > 0) yield rows
    return
  }
  let from = 0
  let length = 0
  for (const [i, row] of rows.entries()) {
    const more = lengthOf?.(row) ?? 0
    if (i - from === rowsPerStatement || (i > from && length + more > lengthPerStatement)) {
      yield rows.slice(from, i)
      from = i
      length = 0
    }
    length += more
  }
  if (from < rows.length) yield rows.slice(from)
}

/** Approximate length of a value as JSON. */
export function jsonLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  let length = 2
  for (const [key, item] of Object.entries(value)) length += key.length + 3 + jsonLength(item)
  return length
}
