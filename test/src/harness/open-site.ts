import type { Database } from '@stagewatch/db/database.ts'
import type { Clock } from '@stagewatch/server/platform/clock/clock.ts'
import { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { saveSite } from '@stagewatch/server/sites/sites-table.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

export interface OpenSiteOptions {
  readonly database: Database
  readonly clock: Clock
  /** Tests of one file share a database but use separate sites. */
  readonly site: string
  readonly origin?: string
  readonly send?: (delta: BoardDelta) => void
  /** See `PipelineOptions`. */
  readonly showsOrders?: boolean
  /** By default, any failure in the background fails the test. */
  readonly failed?: (error: unknown) => void
}

/** Opens the pipeline of a site in Shanghai time, like the server does. */
export async function openSite(options: OpenSiteOptions): Promise<SitePipeline> {
  const { database, clock, site: code, origin = 'test', send = () => undefined } = options
  const site = { code, name: { zh: code, en: code }, timeZone: 'Asia/Shanghai', sample: false }
  await saveSite(database, site)
  const failed = (error: unknown): never => {
    throw error
  }
  return SitePipeline.open({
    database,
    clock,
    site,
    origin,
    showsOrders: options.showsOrders,
    deltas: { delta: (_room, delta) => send(delta) },
    failed: options.failed ?? failed,
  })
}

/** Submits events as if they had been parsed. */
export function submitEvents(pipeline: SitePipeline, events: readonly OrderEvent[]): Promise<EventsAnswer> {
  const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
  return pipeline.submit({ sender: 'test', items })
}
