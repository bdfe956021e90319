import type { Database } from '@stagewatch/db/database.ts'
import { buildBoard } from '@stagewatch/server/boards/build-board.ts'
import type { BoardNumbers } from '@stagewatch/server/boards/build-board.ts'
import { RuleSubscriber } from '@stagewatch/server/boards/rule-subscriber.ts'
import { SiteCatalog } from '@stagewatch/server/rules/site-catalog.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { ProcessAggregates } from '@stagewatch/server/engine/process-aggregates.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { loadEvents } from '@stagewatch/server/log/load-events.ts'
import type { Site } from '@stagewatch/server/platform/site.ts'
import { loadSites } from '@stagewatch/server/sites/sites-table.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'

/** The part of a board that depends on the log alone, and not on the server or on when it last received events. */
export type ComparableBoard = Omit<BoardNumbers, 'asOf' | 'sources'>

export function comparable(board: Board | BoardNumbers): ComparableBoard {
  const {
    epoch: _e,
    version: _v,
    position: _p,
    bottleneck: _b,
    board: _n,
    asOf: _a,
    sources: _s,
    ...rest
  } = board as Board
  return rest
}

/** The overview of the main site at any later instant, from an engine built from the log alone. */
export async function boardFromScratch(database: Database): Promise<(now: number) => ComparableBoard> {
  const site = await mainSiteOf(database)
  const engine = new LiveEngine(site.timeZone)
  const now = Date.now()
  const catalog = await SiteCatalog.open(database, site.code, systemClock)
  catalog.subscribe(new RuleSubscriber(engine, systemClock, site.timeZone))
  const rows = await database.query<{ order: string }>(
    'select distinct order_id as "order" from events where site = $1',
    [site.code],
  )
  const orders = rows.map(({ order }) => order)
  for (const [order, log] of await loadEvents(database, site.code, orders)) {
    const { process, state, eventCount } = foldAgain(order, log, catalog)
    engine.apply(order, process, state, eventCount, now)
  }
  const definition = catalog.get(catalog.defaultProcess)
  if (definition === undefined) throw new Error('no process')
  const process = engine.process(definition.code) ?? new ProcessAggregates(definition)
  return (at) => {
    engine.advance(at)
    const source = { site, engine, process, sources: {}, lateSourceOf: () => undefined, isMissing: () => false }
    return comparable(buildBoard(source, at))
  }
}

async function mainSiteOf(database: Database): Promise<Site> {
  const site = (await loadSites(database)).find(({ code }) => code === 'main')
  if (site === undefined) throw new Error('no site')
  return site
}
