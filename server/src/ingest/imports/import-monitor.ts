/** The passes over a file, in order: how its cells are written, its stages, its rows. */
export type ImportPhase = 'columns' | 'stages' | 'rows'

/** Number of processed rows by outcome. */
export interface DecidedRows {
  readonly rows: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
}

/** Shows the progress of a phase. */
export interface Progress {
  /**
   * @param ratio share of the file that was read, 0..1.
   * @param rows number of rows read.
   * @param decided their outcomes, while rows are sent.
   */
  update(ratio: number, rows: number, decided?: DecidedRows): void
  close(): void
}

/** Observes an import: receives its progress and may stop it. */
export interface ImportMonitor {
  openProgress(phase: ImportPhase): Progress
  /** Aborts when the import should stop. */
  readonly stopped: AbortSignal
}
