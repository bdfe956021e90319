import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { DiscoveredProcess } from '../ingest/imports/discover-process.ts'
import type { KnownOrder } from '../ingest/files/order-generations.ts'
import type { OrderFinder } from '../ingest/imports/find-generations.ts'
import { newSiteSender } from '../ingest/imports/event-sender.ts'
import { FileReader } from '../ingest/imports/file-reader.ts'
import type { ImportTarget } from '../ingest/imports/import-surveyed.ts'
import { AppError } from '../platform/app-error.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { createSite } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import { callServer } from './call-server.ts'
import type { Terminal } from './command.ts'
import { placeHasData } from './command-place.ts'
import { beginImport, recordImport } from './import-batches.ts'
import type { ImportOptions } from './import-options.ts'
import { openLocalAdmin } from './local-admin.ts'
import type { LocalAdmin } from './local-admin.ts'
import { openPositions } from './progress.ts'
import { saveMapping } from './saved-mappings.ts'
import { importSender, trialSenderOf } from './send-events.ts'

/** The site that receives the events of a file. */
interface OpenedTarget {
  readonly target: ImportTarget
  /** Records how the import ended. */
  readonly record?: (report: ImportReport) => Promise<void>
  readonly operator: LocalAdmin | undefined
}

/**
 * Imports a file, or determines the outcome in a dry run. A thread reads the file while this one stores what has been
 * read.
 * @throws AppError if it cannot be read, or was imported before with other options.
 */
export async function importWith(options: ImportOptions, terminal: Terminal): Promise<ImportReport> {
  const { path, mapping, discover, dryRun, errorsPath } = options
  const order = { mapping, discover, terminal: [...options.terminal] }
  const task = { path, order, dryRun, preview: false, errorsPath, maxErrorsBytes: undefined }
  const positions = openPositions(terminal)
  let opened: OpenedTarget | undefined
  const reader = new FileReader(task, {
    async open(rows) {
      // A file without rows changes nothing: it creates neither a site nor a process without stages.
      const changesNothing = dryRun || rows === 0
      opened = await (changesNothing ? openTrial(options, terminal) : openImport(options, terminal))
      return opened.target
    },
    positionChanged: (position) => positions.show(position),
  })
  const stop = () => reader.stop()
  terminal.stopped.addEventListener('abort', stop)
  if (terminal.stopped.aborted) stop()
  try {
    const report = await reader.report
    positions.close()
    await opened?.record?.(report)
    return report
  } finally {
    terminal.stopped.removeEventListener('abort', stop)
    positions.close()
    await reader.close()
    await opened?.operator?.close()
  }
}

async function openImport(options: ImportOptions, terminal: Terminal): Promise<OpenedTarget> {
  const operator = await openLocalAdmin({ site: options.site, showsOrders: false, creator: terminal })
  try {
    const ask: AskServer = (request) => callServer(operator, request, terminal)
    await createSite(options.site, operator, terminal)
    const id = await beginImport(options, ask, terminal)
    const target = {
      known: await processesOf(ask),
      orders: orderFinder(ask),
      sender: await importSender(operator, terminal, id),
      async saveProcess({ process: discovered, version }: DiscoveredProcess) {
        const path = `/api/v1/admin/processes/${encodeURIComponent(discovered.code)}`
        await ask({ method: 'PUT', path, body: discovered, version })
      },
    }
    return {
      target,
      async record(report) {
        await recordImport(id, report, ask)
        if (options.saveMapping !== undefined) await saveMapping(options.saveMapping, options.mapping, ask)
      },
      operator,
    }
  } catch (error) {
    await operator.close()
    throw error
  }
}

/** A dry run creates no database. */
async function openTrial({ site }: ImportOptions, terminal: Terminal): Promise<OpenedTarget> {
  const operator = (await placeHasData(parseEnvironment(process.env)))
    ? await openLocalAdmin({ site, showsOrders: false })
    : undefined
  try {
    const known = operator && (await processesOrNoSite(operator, terminal))
    let discovered: ProcessDefinition | undefined
    const sender =
      operator === undefined || known === undefined
        ? newSiteSender(() => discovered, Date.now)
        : await trialSenderOf(operator, terminal, () => discovered)
    const target = {
      known,
      sender,
      ...(operator !== undefined &&
        known !== undefined && { orders: orderFinder((request) => callServer(operator, request, terminal)) }),
      saveProcess(found: DiscoveredProcess) {
        discovered = found.process
        return Promise.resolve()
      },
    }
    return { target, operator }
  } catch (error) {
    await operator?.close()
    throw error
  }
}

function processesOf(ask: AskServer): Promise<ProcessList> {
  return ask<ProcessList>({ method: 'GET', path: '/api/v1/admin/processes' })
}

/** One request per order takes a few minutes for this many. */
const mostAsked = 50_000

function orderFinder(ask: AskServer): OrderFinder {
  return {
    mostAsked,
    async find(orders) {
      const found: (KnownOrder | undefined)[] = []
      for (const order of orders) found.push(await findOrder(order, ask))
      return found
    },
  }
}

async function findOrder(order: string, ask: AskServer): Promise<KnownOrder | undefined> {
  try {
    const path = `/api/v1/orders/${encodeURIComponent(order)}?limit=1`
    const { firstAt, lastEventAt: lastAt, status } = await ask<OrderDetail>({ method: 'GET', path })
    return { firstAt, lastAt, hasEnded: status !== 'open' }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}

/** Undefined if the site does not exist. */
async function processesOrNoSite(operator: LocalAdmin, terminal: Terminal): Promise<ProcessList | undefined> {
  try {
    return await processesOf((request) => callServer(operator, request, terminal))
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
