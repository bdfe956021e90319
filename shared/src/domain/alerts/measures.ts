/** The side of its threshold on which a measure is a problem. */
export type MeasureSide = 'above' | 'below'

interface MeasureFacts {
  /** What the measure is taken of. */
  readonly of: 'stage' | 'process' | 'source'
  /** `ratio`: 0..1, except that `silenceRatio` counts intervals. */
  readonly unit: 'count' | 'ratio' | 'multiple' | 'ms'
  /** The sides that a rule can warn of; the first is the usual one. On the other side, the measure is good. */
  readonly sides: readonly [MeasureSide, ...MeasureSide[]]
}

/** What rules can measure. The measures of a process are the key figures of its board. */
export const measureFacts = {
  /** Overdue orders ÷ orders in the stage. */
  breachRatio: { of: 'stage', unit: 'ratio', sides: ['above'] },
  /** Orders in the stage. */
  wipCount: { of: 'stage', unit: 'count', sides: ['above', 'below'] },
  /** Arrivals minus departures of the stage in the last hour. */
  growthPerHour: { of: 'stage', unit: 'count', sides: ['above'] },
  /** Orders of the process completed today by their promised date ÷ orders completed today that have one. */
  onTimeRatio: { of: 'process', unit: 'ratio', sides: ['below'] },
  /** Median time from placed to completed of the orders that were completed in the last seven days, elapsed ms. */
  leadTimeMs: { of: 'process', unit: 'ms', sides: ['above'] },
  /** Orders of the process that were completed in the last seven days. */
  completedCount: { of: 'process', unit: 'count', sides: ['below'] },
  /** Open orders of the process. */
  openCount: { of: 'process', unit: 'count', sides: ['above', 'below'] },
  /** Overdue orders of the process. */
  overdueCount: { of: 'process', unit: 'count', sides: ['above'] },
  /** Overdue orders ÷ open orders of the process. */
  overdueRatio: { of: 'process', unit: 'ratio', sides: ['above'] },
  /** Time since a source's last event ÷ its expected reporting interval. */
  silenceRatio: { of: 'source', unit: 'multiple', sides: ['above'] },
} as const satisfies Record<string, MeasureFacts>

export type Measure = keyof typeof measureFacts

type MeasureOf<Of extends MeasureFacts['of']> = {
  [M in Measure]: (typeof measureFacts)[M]['of'] extends Of ? M : never
}[Measure]

/** The measures of a stage. */
export type StageMeasure = MeasureOf<'stage'>

/** The measures of a process. */
export type ProcessMeasure = MeasureOf<'process'>

export const measures = Object.keys(measureFacts) as [Measure, ...Measure[]]

/** Typed as for any measure. */
export function factsOf(measure: Measure): MeasureFacts {
  return measureFacts[measure]
}
