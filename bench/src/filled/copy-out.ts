import type { Readable } from 'node:stream'
import postgres from 'postgres'

/** The lower bound: reads both tables completely through `COPY` and discards the data. Returns the time in ms. */
export async function copyOut(databaseUrl: string, rows: number): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    await sql`select 1`
    const startedAt = performance.now()
    const lines =
      (await countLines(await sql`copy orders to stdout`.readable())) +
      (await countLines(await sql`copy visits to stdout`.readable()))
    const elapsedMs = performance.now() - startedAt
    if (lines !== rows) throw new Error(`COPY gave ${lines} rows of ${rows}`)
    return elapsedMs
  } finally {
    await sql.end()
  }
}

/** One line per row: a line break within a value is written as `\n`. */
async function countLines(stream: Readable): Promise<number> {
  let lines = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
  }
  return lines
}
