/** A line of the results: a ratio between the product and a peer, measured in the same run. */
export interface Figure {
  readonly id: string
  readonly what: string
  readonly value: number
  readonly target: number
  readonly better: 'higher' | 'lower'
  readonly unit: string
  /** The medians from which the value is computed. */
  readonly product: Measure
  readonly peer: Measure
  /** Every repetition, in the order of the turns. */
  readonly runs: readonly { readonly product: number; readonly peer: number }[]
  /** What a reader needs to interpret the figure: sizes, settings, and checks. */
  readonly notes?: readonly string[]
}

interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** A line that cannot be measured on this machine. */
export interface SkippedFigure {
  readonly id: string
  readonly what: string
  readonly skipped: string
}

export type Outcome = Figure | SkippedFigure

export type Progress = (message: string) => void

export interface Row {
  readonly id: string
  readonly title: string
  readonly run: (progress: Progress) => Promise<Outcome[]>
}

export function isReached(figure: Figure): boolean {
  return figure.better === 'higher' ? figure.value >= figure.target : figure.value <= figure.target
}
