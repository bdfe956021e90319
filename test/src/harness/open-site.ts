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
  /** Tests of one file share a database and have a site each. */
  readonly site: string
  readonly origin?: string
  readonly send?: (delta: BoardDelta) => void
  /** See `PipelineOptions`. */
  readonly showsOrders?: boolean
  /** Without it whatever fails in the background fails the test. */
  readonly failed?: (error: unknown) => void
}

/** The pipeline of a site whose days begin in Shanghai, as the server opens it. */
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

/** Hands in events as parsing would. */
export function submitEvents(pipeline: SitePipeline, events: readonly OrderEvent[]): Promise<EventsAnswer> {
  const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
  return pipeline.submit({ sender: 'test', items })
}
