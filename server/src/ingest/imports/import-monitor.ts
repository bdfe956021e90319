/** What is read of a file, one after the other: how its cells are written, which stages it has, its rows. */
export type ImportPhase = 'columns' | 'stages' | 'rows'

/** How many rows were decided on, and how. */
export interface DecidedRows {
  readonly rows: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
}

/** Shows how far a phase has come. */
export interface Progress {
  /** `ratio` of the file was read (0..1), with so many rows. `decided`: what became of them, while rows are sent. */
  update(ratio: number, rows: number, decided?: DecidedRows): void
  close(): void
}

/** Who watches over an import: is told how far it has come, and may stop it. */
export interface ImportMonitor {
  openProgress(phase: ImportPhase): Progress
  /** Aborts when the import is to stop. */
  readonly stopped: AbortSignal
}
