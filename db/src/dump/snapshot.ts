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
