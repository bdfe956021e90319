import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'

/** How orders pass a stage in the sample of a template; durations are working hours of the stage's calendar. */
export interface StagePace {
  readonly medianHours: number
  /**
   * Sigma of the log-normal distribution; 0.45 if undefined, so that every sixteenth visit takes twice the median or
   * more.
   */
  readonly sigma?: number
}

/** The parameters of a template's sample. */
export interface TemplateSample {
  readonly ordersPerDay: number
  /** By stage; an order leaves a stage that is missing immediately. */
  readonly pace: Readonly<Record<string, StagePace>>
  /** Share of the possible orders that take a branch or a return, 0..1, by `from>to`. */
  readonly paths: Readonly<Record<string, number>>
  readonly products: readonly [string, ...string[]]
  readonly customers: readonly [string, ...string[]]
}

/**
 * A process to start with, as usual in an industry: stages, limits and calendars that are easier to correct than to
 * invent.
 */
export interface ProcessTemplate {
  readonly name: LocalText
  /** The target audience, in a sentence. */
  readonly description: LocalText
  /** Has the same code as the template. */
  readonly process: ProcessDefinition
  /** The calendars that its stages refer to. */
  readonly calendars: readonly CalendarDefinition[]
  readonly sample: TemplateSample
}
