import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import { futureToleranceMs } from '@stagewatch/shared/contract/event-limits.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { AppError } from '../../platform/app-error.ts'
import { FileError } from '../tables/file-error.ts'
import { hasEventLines } from '../tables/open-event-lines.ts'
import { eventLineRows } from '../files/event-line.ts'
import { eventRowReader } from '../files/event-row.ts'
import { renamedRow } from '../files/order-generations.ts'
import { RepeatedRows } from '../files/repeated-rows.ts'
import { isReadUpward } from '../files/row-direction.ts'
import type { LastStage } from '../files/process-discovery.ts'
import { extendProcess, ProcessDiscovery } from '../files/process-discovery.ts'
import type { ImportMonitor } from './import-monitor.ts'
import type { SurveyedFile } from './survey-file.ts'

const reportEveryRows = 5000

/** A discovered process and the version of the site's process that it extends; undefined if the site has none. */
export interface DiscoveredProcess {
  readonly process: ProcessDefinition
  readonly version?: string | undefined
  /** Stages that were requested as terminal but that the site's process already defines as non-terminal. */
  readonly unchanged: readonly string[]
  /** The most frequent last stages in the file, which probably end an order. */
  readonly lastStages: readonly LastStage[]
}

/**
 * Discovers the process of a file; if the site already has a process with that code, extends it with the missing
 * stages.
 * @param terminal stages that end an order.
 * @param now epoch ms.
 * @throws AppError `unknown_stage` if one of `terminal` is not in the file.
 */
export async function discoverProcess(
  surveyed: SurveyedFile,
  terminal: ReadonlySet<string>,
  { processes, histories, defaultProcess }: ProcessList,
  monitor: ImportMonitor,
  now: number,
): Promise<DiscoveredProcess> {
  const code = surveyed.how.process ?? defaultProcess ?? 'default'
  const discovery = await readStages(surveyed, monitor, now)
  const discovered = discovery.process(code, terminal)
  refuseUnknownTerminal(terminal, discovered)
  const known = processes.find((process) => process.code === code)
  const lastStages = discovery.lastStages()
  if (known === undefined) return { process: discovered, unchanged: [], lastStages }
  const unchanged = known.stages.filter((stage) => terminal.has(stage.code) && !stage.terminal)
  const version = histories.find(({ process }) => process === code)?.version
  const process = extendProcess(known, discovered)
  return { process, version, unchanged: unchanged.map((stage) => stage.code), lastStages }
}

async function readStages(
  { file, how, readings, generations }: SurveyedFile,
  monitor: ImportMonitor,
  now: number,
): Promise<ProcessDiscovery> {
  const progress = monitor.openProgress('stages')
  try {
    const reader = hasEventLines(file) ? eventLineRows() : eventRowReader(file.header, { ...how, readings })
    const repeated = RepeatedRows.of(how.duplicates, reader.columns)
    const discovery = new ProcessDiscovery(isReadUpward(readings.direction, []))
    for await (const batch of file.batches) {
      for (const record of batch) {
        const outcome = reader.read(record)
        // Rows that the server will reject are no evidence.
        const isAccepted = outcome.ok && outcome.value.occurredAt <= now + futureToleranceMs
        if (isAccepted && !repeated?.add(record.cells)) discovery.add(renamedRow(outcome.value, generations))
        if (record.row % reportEveryRows === 0) progress.update(file.readBytes() / file.sizeBytes, record.row)
      }
      if (monitor.stopped.aborted) throw new AppError('not_ready', 'stopped before anything was sent')
    }
    return discovery
  } finally {
    progress.close()
  }
}

function refuseUnknownTerminal(terminal: ReadonlySet<string>, { stages }: ProcessDefinition): void {
  const codes = stages.map((stage) => stage.code)
  const unknown = [...terminal].filter((stage) => !codes.includes(stage))
  if (unknown.length > 0)
    throw new FileError(
      'unknown_stage',
      'unknown_terminal',
      `--terminal ${unknown.join(', ')} is not in the file; it has: ${codes.join(', ')}`,
      { params: { stages: unknown.join(', '), known: codes.join(', ') } },
    )
}
