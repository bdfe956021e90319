import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { Site } from '../platform/site.ts'
import type { ParsedItem } from './parse/parse-events.ts'

/** Events of one request, as parsed. */
export interface Submission {
  /** Name of the key, or of the part of the server, that sent it. */
  readonly sender: string
  /** Id of the key, which is kept with each event; undefined: a person, a command or the server sent it. */
  readonly keyId?: string | undefined
  /** They come with an import or a replay. */
  readonly imported?: boolean | undefined
  /** Number of the import that they belong to. */
  readonly importId?: number | undefined
  readonly items: readonly ParsedItem[]
}

/** Where the events of one site go in. */
export interface EventIntake {
  readonly site: Site
  /** How far the log is contained in what this server instance shows. */
  readonly position: string
  /**
   * Resolves when the events are durable, with what became of each.
   * @throws AppError `overloaded`, and then nothing of it was stored.
   */
  submit(submission: Submission): Promise<EventsAnswer>
  /**
   * What would become of the events if the site had `process` as well, or in place of the one of that code: judged by
   * all rules and against all that is stored, and nothing of it stays. The position is that of now.
   */
  try(submission: Submission, process?: ProcessDefinition): Promise<EventsAnswer>
}

/** The sites that events are sent to. */
export interface IntakeSites {
  /** @throws AppError `not_found`. */
  get(code: string): Promise<EventIntake>
}
