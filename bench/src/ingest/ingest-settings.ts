/** Size of a turn; the product and the bare inserts get the same. */
export interface TurnSize {
  readonly events: number
  readonly batch: number
  /** Batches on the way at once. */
  readonly connections: number
}

export interface DatabasePlace {
  /** Undefined: embedded, in the directory. */
  readonly databaseUrl?: string
  readonly dataDirectory: string
}
