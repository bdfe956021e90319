import type { FileEvent } from '@stagewatch/server/ingest/files/file-event.ts'
import { discoverProcess } from '@stagewatch/server/ingest/imports/discover-process.ts'
import { importReport } from '@stagewatch/server/ingest/imports/import-report.ts'
import { fileOptionsOf } from '@stagewatch/server/ingest/imports/file-options.ts'
import { importFile } from '@stagewatch/server/ingest/imports/import-file.ts'
import type { ImportMonitor } from '@stagewatch/server/ingest/imports/import-monitor.ts'
import { surveyFile } from '@stagewatch/server/ingest/imports/survey-file.ts'
import { parseEvents } from '@stagewatch/server/ingest/parse/parse-events.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

const now = Date.UTC(2026, 10, 26)
const sendLimits = { maxEvents: 1_000, maxCharacters: 1_000_000 }
const nobody: ImportMonitor = {
  openProgress: () => ({ update: () => {}, close: () => {} }),
  stopped: new AbortController().signal,
}

export interface ImportedCase {
  /** Keyed by order number. */
  readonly orders: ReadonlyMap<string, FoldState>
  /** One per file. */
  readonly reports: readonly ImportReport[]
  readonly events: readonly OrderEvent[]
}

/**
 * Imports files one after the other as the command does, into an in-memory log that keeps the first event of each
 * identity.
 * @param told `stages` are those of the process; by default those that the first file contains.
 */
export async function importCase(
  paths: readonly string[],
  mapping: ImportMapping = {},
  told: { readonly terminal?: readonly string[]; readonly stages?: readonly string[] } = {},
): Promise<ImportedCase> {
  const { terminal = [] } = told
  let { stages } = told
  const log = new Map<string, OrderEvent>()
  const reports: ImportReport[] = []
  for (const path of paths) {
    const surveyed = await surveyFile(fileOptionsOf(path, { timezone: 'UTC', ...mapping }), nobody)
    if (!surveyed.how.orders && stages === undefined) {
      const none = { processes: [], histories: [], defaultProcess: null }
      const { process } = await discoverProcess(surveyed, new Set(terminal), none, nobody, now)
      stages = process.stages.map(({ code }) => code)
    }
    const sender = { ...sendLimits, send: (events: readonly FileEvent[]) => store(events, log) }
    const result = await importFile({ errorsPath: undefined }, sender, nobody, surveyed, stages ?? [])
    reports.push(importReport({ dryRun: false }, result, undefined))
    await surveyed.file.close()
  }
  const events = [...log.values()]
  const rules = { isTerminal: (stage: string) => terminal.includes(stage) }
  const orders = new Map<string, FoldState>()
  for (const order of new Set(events.map((event) => event.order))) {
    const state = foldOrder(order, events, rules)
    if (state !== undefined) orders.set(order, state)
  }
  return { orders, reports, events }
}

/** Accepts events as the server does: parses them and skips those whose identity is already stored. */
async function store(sent: readonly FileEvent[], log: Map<string, OrderEvent>) {
  const parsed = parseEvents('application/json', JSON.parse(JSON.stringify({ events: sent })), now)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return parsed.items.map((item) => {
    if (!item.ok) return { index: item.index, status: 'rejected' as const, ...item.rejection }
    const identity = eventIdentity(item.event.source, item.event.id)
    if (log.has(identity)) return { index: item.index, status: 'duplicate' as const }
    log.set(identity, item.event)
    return { index: item.index, status: 'accepted' as const }
  })
}

/** The visits of an order: stage, entry, exit and start of work, as ISO times to the minute. */
export function visitsOf({ orders }: ImportedCase, order: string): (string | undefined)[][] {
  const visits = orders.get(order)?.visits ?? []
  return visits.map(({ stage, enteredAt, startedAt, leftAt }) => [stage, ...[enteredAt, startedAt, leftAt].map(minute)])
}

function minute(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16)
}
