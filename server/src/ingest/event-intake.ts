import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { Site } from '../platform/site.ts'
import type { ParsedItem } from './parse/parse-events.ts'

/** Events of one request, as parsed. */
export interface Submission {
  /** Name of the API key or the server component that sent it. */
  readonly sender: string
  /** Id of the API key, stored with each event; undefined if a person, a command or the server sent it. */
  readonly keyId?: string | undefined
  /** Whether the events come from an import or a replay. */
  readonly imported?: boolean | undefined
  /** Number of the import that the events belong to. */
  readonly importId?: number | undefined
  readonly items: readonly ParsedItem[]
}

/** Accepts the events of one site. */
export interface EventIntake {
  readonly site: Site
  /** Log position that the state of this server instance includes. */
  readonly position: string
  /**
   * Resolves with the outcome of each event once the events are durable.
   * @throws AppError `overloaded`, in which case nothing was stored.
   */
  submit(submission: Submission): Promise<EventsAnswer>
  /**
   * Dry run: returns the outcome that the events would have if the site had `process` in addition, or in place of the
   * process with the same code. All rules and all stored data apply, and nothing is stored. The position is the current
   * one.
   */
  try(submission: Submission, process?: ProcessDefinition): Promise<EventsAnswer>
}

/** Sites that accept events. */
export interface IntakeSites {
  /** @throws AppError `not_found`. */
  get(code: string): Promise<EventIntake>
}
