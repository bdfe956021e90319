/** Shows how far a part of long work has come. */
export interface Progress {
  /** `ratio` of the work is done (0..1). */
  update(ratio: number, text: string): void
  close(): void
}

/** Who watches over an import: is told how far it has come, and may stop it. */
export interface ImportMonitor {
  openProgress(title: string): Progress
  /** Aborts when the import is to stop. */
  readonly stopped: AbortSignal
}
