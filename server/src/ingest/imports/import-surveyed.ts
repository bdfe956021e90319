import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { FileError } from '../tables/file-error.ts'
import type { DiscoveredProcess } from './discover-process.ts'
import { discoverProcess } from './discover-process.ts'
import type { EventSender } from './event-sender.ts'
import type { ImportFileOptions } from './file-options.ts'
import { findGenerations } from './find-generations.ts'
import type { OrderFinder } from './find-generations.ts'
import { importFile } from './import-file.ts'
import type { ImportMonitor } from './import-monitor.ts'
import { importReport } from './import-report.ts'
import type { SurveyedFile } from './survey-file.ts'

interface SurveyedImportOptions extends Pick<ImportFileOptions, 'errorsPath' | 'maxErrorsBytes' | 'preview'> {
  /** Whether nothing is stored. */
  readonly dryRun: boolean
  /** Whether to create the process from the file first. */
  readonly discover: boolean
  /** With `discover`: stages that end an order. */
  readonly terminal: ReadonlySet<string>
}

/** The site that receives the events of a file, and the server functions that an import depends on. */
export interface ImportTarget {
  /** Undefined if the site does not exist, as in a dry run before the first import. */
  readonly known: ProcessList | undefined
  readonly sender: EventSender
  /** Undefined if the site has no known orders. */
  readonly orders?: OrderFinder
  /** In a dry run, events are validated as if the process had been saved. Not called if the file contains no stages. */
  readonly saveProcess: (discovered: DiscoveredProcess) => Promise<void>
}

/**
 * Everything after the survey, regardless of who started the import: discovers the process, sends the rows, and reports
 * their outcome.
 * @param now epoch ms.
 * @throws AppError if a process should be discovered but the file does not contain one.
 */
export async function importSurveyed(
  surveyed: SurveyedFile,
  options: SurveyedImportOptions,
  { known = unknownSite, sender, orders = noOrders, saveProcess }: ImportTarget,
  monitor: ImportMonitor,
  now: number,
): Promise<ImportReport> {
  const { dryRun, discover, terminal } = options
  if (discover) requireStages(surveyed)
  const code = surveyed.how.process ?? known.defaultProcess ?? undefined
  const before = known.processes.find((one) => one.code === code)
  const ends = new Set([
    ...terminal,
    ...(before?.stages ?? []).filter((stage) => stage.terminal).map((stage) => stage.code),
  ])
  const told = await findGenerations(surveyed, ends, orders, monitor)
  const discovered = discover ? await discoverProcess(told, terminal, known, monitor, now) : undefined
  if (discovered !== undefined && discovered.process.stages.length > 0) await saveProcess(discovered)
  const process = discovered?.process ?? before
  const stages = process?.stages.map((stage) => stage.code) ?? []
  return importReport({ dryRun }, await importFile(options, sender, monitor, told, stages), discovered)
}

const noOrders: OrderFinder = { find: () => Promise.resolve([]) }
/** Processes of a site that does not exist yet. */
const unknownSite: ProcessList = { processes: [], histories: [], defaultProcess: null }

/** @throws AppError if the rows of the file, as recognized, contain no stages. */
export function requireStages({ how }: SurveyedFile): void {
  if (!how.orders) return
  throw new FileError(
    'bad_request',
    'names_no_stages',
    'a row of this file is an order with its facts and names no stage: leave out --discover, or say how it is to be read (--wide, --preset none)',
    { field: 'discover' },
  )
}
