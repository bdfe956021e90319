import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'

/** How orders pass a stage in the sample of a template; durations are working hours of the stage's calendar. */
export interface StagePace {
  readonly medianHours: number
  /** Of the log-normal distribution; undefined: 0.45, by which every sixteenth visit takes twice the median or more. */
  readonly sigma?: number
}

/** What the sample of a template is made of. */
export interface TemplateSample {
  readonly ordersPerDay: number
  /** By stage; one that is missing is passed at once. */
  readonly pace: Readonly<Record<string, StagePace>>
  /** How many of the orders that could take a branch or a return take it, 0..1, by `from>to`. */
  readonly paths: Readonly<Record<string, number>>
  readonly products: readonly [string, ...string[]]
  readonly customers: readonly [string, ...string[]]
}

/**
 * A process to begin with, as it is usual in an industry: stages, limits and calendars that somebody corrects instead of
 * inventing them.
 */
export interface ProcessTemplate {
  readonly name: LocalText
  /** For whom it is, in a sentence. */
  readonly description: LocalText
  /** Its code is that of the template, too. */
  readonly process: ProcessDefinition
  /** Those that its stages name. */
  readonly calendars: readonly CalendarDefinition[]
  readonly sample: TemplateSample
}
