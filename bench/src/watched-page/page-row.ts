import { buildClient } from '@stagewatch/packaging/build-client.ts'
import { alternate } from '../alternate.ts'
import { fillDatabase } from '../filled/fill-database.ts'
import { startFilledServer } from '../filled/start-filled-server.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import type { Outcome, Progress, Row } from '../row.ts'
import { interactionFigure, visitsPerOrder, whileEventsCome } from './passing-events.ts'
import { watchPage } from './watched-page.ts'
import type { ActedPage } from './watched-page.ts'

/**
 * Time from an interaction with a page to the next paint, for a site of this size, with and without incoming events.
 */
export function pageRow(named: Pick<Row, 'id' | 'title'>, orders: number, acted: ActedPage): Row {
  return { ...named, run }

  async function run(progress: Progress): Promise<Outcome[]> {
    const fresh = await postgresqlPlace()
    if ('skipped' in fresh) return [{ id: named.id, what: named.title, skipped: fresh.skipped }]
    await using opened = new AsyncDisposableStack()
    opened.defer(fresh.remove)
    const { databaseUrl = '' } = fresh.place
    progress('building the pages and filling the tables')
    await buildClient()
    await fillDatabase(databaseUrl, { orders, visitsPerOrder, openEvery: 20 })
    progress('starting the server on them, and opening the page')
    const server = opened.adopt(await startFilledServer(databaseUrl), ({ stop }) => stop())
    const page = await watchPage(opened, server, acted)
    const contestants = { updates: () => whileEventsCome(server, page), still: () => page.act() }
    const { updates, still } = await alternate(contestants, progress)
    return [0.75, 0.98].map((ratio) => interactionFigure(named, ratio, updates, still, page.browser))
  }
}
