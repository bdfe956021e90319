/** Reads the whole database as it was at one instant, while others write. */
export interface Snapshot {
  query<Row>(text: string): Promise<Row[]>
  /** The rows of a query as CSV with a header; instants are in UTC. */
  copyCsv(select: string): Promise<Buffer>
}

/** Options of COPY for writing and reading tables. It distinguishes an empty text, which is quoted, from null. */
export const csvFormat = 'format csv, header true'

/** Settings of a session under which a value has the same text whatever the defaults of the server are. */
export const csvSettings = `set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local extra_float_digits = 1`

const [quote, lineFeed] = [0x22, 0x0a]

/** Number of rows of a CSV text with a header, whose quoted values may contain line breaks. */
export function countRows(csv: Uint8Array): number {
  let lineCount = 0
  let isQuoted = false
  for (const byte of csv) {
    // A quote inside of a quoted value is doubled, which changes the state twice.
    if (byte === quote) isQuoted = !isQuoted
    else if (byte === lineFeed && !isQuoted) lineCount += 1
  }
  return Math.max(0, lineCount - 1)
}
