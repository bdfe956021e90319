import type { Database } from '@stagewatch/db/database.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import type { Clock } from './clock/clock.ts'
import type { DoubtfulCommits } from './follow/doubtful-commits.ts'
import type { ParsedItem } from './ingest/parse/parse-events.ts'
import type { PipelineObserver } from './metrics/pipeline-observer.ts'
import type { Site } from './sites/site.ts'

/** Events of one request, as parsed. */
export interface Submission {
  /** Name of the key, or of the part of the server, that sent it. */
  readonly sender: string
  readonly items: readonly ParsedItem[]
}

export interface PipelineOptions {
  readonly database: Database
  readonly site: Site
  readonly clock: Clock
  /** Names this server process in the log. */
  readonly origin: string
  /** Is told of transactions of this process whose commit was never answered. */
  readonly doubtfulCommits?: DoubtfulCommits | undefined
  /** @param audience see `audienceKey`. */
  readonly send: (delta: BoardDelta, audience: string) => void
  readonly observer?: PipelineObserver | undefined
  /** So many finished visits stay in memory, the most recent ones; 10 million by default. */
  readonly mostVisits?: number | undefined
}
