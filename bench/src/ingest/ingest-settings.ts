/** Size of a turn, the same for the product and the bare inserts. */
export interface TurnSize {
  readonly events: number
  readonly batch: number
  /** Number of concurrent batches. */
  readonly connections: number
}

export interface DatabasePlace {
  /** Undefined for the embedded database in the directory. */
  readonly databaseUrl?: string
  readonly dataDirectory: string
}
