import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { AppError } from '../platform/app-error.ts'
import { eventRowReader } from '../ingest/files/event-row.ts'
import type { ColumnReadings } from '../ingest/files/cells/column-readings.ts'
import type { RowRules } from '../ingest/files/row-reader.ts'
import { extendProcess, ProcessDiscovery } from '../ingest/files/process-discovery.ts'
import { openTable } from '../ingest/tables/open-table.ts'
import { callServer } from './call-server.ts'
import type { Terminal } from './command.ts'
import type { ImportOptions } from './import-options.ts'
import type { LocalAdmin } from './local-admin.ts'
import { openProgress } from './progress.ts'

const reportEveryRows = 5000

/** A process, and which version of the one that the site has it extends; undefined: the site has none. */
export interface DiscoveredProcess {
  readonly process: ProcessDefinition
  readonly version?: string | undefined
}

/** The process that the log shows, its cells read by `readings`; when the site has one of that code, that one with the stages it lacks. */
export async function discoverProcess(
  options: ImportOptions,
  operator: LocalAdmin,
  terminal: Terminal,
  readings?: ColumnReadings,
): Promise<DiscoveredProcess> {
  const request = { method: 'GET', path: '/api/v1/admin/processes' } as const
  const { processes, histories, defaultProcess } = await callServer<ProcessList>(operator, request, terminal)
  const code = options.process ?? defaultProcess ?? 'default'
  const discovery = await readStages({ ...options, readings }, terminal)
  const discovered = discovery.process(code, options.terminal)
  refuseUnknownTerminal(options.terminal, discovered)
  const known = processes.find((process) => process.code === code)
  if (known === undefined) return { process: discovered }
  for (const { code: stage, terminal: ends } of known.stages)
    if (options.terminal.has(stage) && !ends)
      terminal.note(`stage ${stage} is known to process ${code} and stays as it is`)
  const version = histories.find(({ process }) => process === code)?.version
  return { process: extendProcess(known, discovered), version }
}

export async function saveProcess(
  { process, version }: DiscoveredProcess,
  operator: LocalAdmin,
  terminal: Terminal,
): Promise<void> {
  const path = `/api/v1/admin/processes/${encodeURIComponent(process.code)}`
  await callServer(operator, { method: 'PUT', path, body: process, version }, terminal)
}

async function readStages(options: ImportOptions & RowRules, terminal: Terminal): Promise<ProcessDiscovery> {
  const file = await openTable(options.path, options.table)
  const progress = openProgress(terminal, 'reading stages')
  try {
    const reader = eventRowReader(file.header, options)
    const discovery = new ProcessDiscovery()
    for await (const record of file.records) {
      const outcome = reader.read(record)
      if (outcome.ok) discovery.add(outcome.value)
      if (record.row % reportEveryRows === 0) progress.update(file.readBytes() / file.sizeBytes, `${record.row} rows`)
      if (terminal.stopped.aborted) throw new AppError('not_ready', 'stopped before anything was sent')
    }
    return discovery
  } finally {
    progress.close()
    await file.close()
  }
}

function refuseUnknownTerminal(terminal: ReadonlySet<string>, { stages }: ProcessDefinition): void {
  const codes = stages.map((stage) => stage.code)
  const unknown = [...terminal].filter((stage) => !codes.includes(stage))
  if (unknown.length > 0)
    throw new AppError(
      'unknown_stage',
      `--terminal ${unknown.join(', ')} is not in the file; it has: ${codes.join(', ')}`,
    )
}
