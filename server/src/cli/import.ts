import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, siteHelp } from './command.ts'
import type { DiscoveredProcess } from '../ingest/imports/discover-process.ts'
import { discoverProcess } from '../ingest/imports/discover-process.ts'
import { importFile } from '../ingest/imports/import-file.ts'
import { importReport } from '../ingest/imports/import-report.ts'
import type { ImportOptions } from './import-options.ts'
import { readImportOptions } from './import-options.ts'
import { mappingHelp } from './mapping-options.ts'
import { createSite } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import { callServer } from './call-server.ts'
import { batchHelp, beginImport, readBatchCommand, recordImport, runBatchCommand } from './import-batches.ts'
import { printReport } from './import-report.ts'
import { printPresets } from './print-presets.ts'
import { openLocalAdmin } from './local-admin.ts'
import { terminalMonitor } from './progress.ts'
import { importSender, nowhere } from './send-events.ts'
import { surveyFile } from '../ingest/imports/survey-file.ts'
import type { SurveyedFile } from '../ingest/imports/survey-file.ts'
import { AppError } from '../platform/app-error.ts'

export const importCommand: Command = {
  name: 'import',
  summary: 'read events or orders from a CSV, XLSX or XES file',
  help: `FILE [OPTIONS]
       stagewatch import --presets
       stagewatch import list | show ID | undo ID --reason TEXT

FILE is CSV, a workbook (.xlsx) or an event log (XES), plain, gzipped or zipped, with a row
for each event (order_id, stage, timestamp, ...), or with --orders a row for each
order. Importing it again adds nothing.

${mappingHelp}
  --orders              each row tells an order's customer, product, quantity, amount, due_at
  --wide                each row is an order with a column for each of its milestones, which a
                        mapping names ("milestones"); default: every column of times
  --discover            first create the process from the file: its stages in their usual
                        order, each with a target that four of five visits have kept;
                        a process that exists gets the stages that it lacks
  --terminal STAGE      this stage ends an order; with --discover, may be repeated
  --dry-run             read everything, send nothing
  --errors FILE         write the rejected rows there as CSV, with the reasons
  --replace, --beside   when the file was imported before with other options: undo that
                        import first, or keep both
${siteHelp}

${batchHelp}`,
  async run(args, terminal) {
    const batch = readBatchCommand(args)
    if (batch !== undefined) return runBatchCommand(batch, terminal)
    if (args.includes('--presets')) return printPresets(args, terminal)
    const options = await readImportOptions(args)
    const report = await importWith(options, terminal)
    printReport(report, options, terminal)
    return report.brokenOff === undefined && report.rejected === 0 ? exitCode.done : exitCode.problems
  },
}

async function importWith(options: ImportOptions, terminal: Terminal): Promise<ImportReport> {
  const surveyed = await surveyFile(options, terminalMonitor(terminal))
  try {
    if (options.discover) requireStages(surveyed)
    return await importSurveyed(options, surveyed, terminal)
  } finally {
    await surveyed.file.close()
  }
}

async function importSurveyed(
  options: ImportOptions,
  surveyed: SurveyedFile,
  terminal: Terminal,
): Promise<ImportReport> {
  const monitor = terminalMonitor(terminal)
  if (options.dryRun && !options.discover) {
    return importReport(options, await importFile(options, nowhere, monitor, surveyed, []), undefined)
  }
  const operator = await openLocalAdmin({ site: options.site })
  try {
    const ask: AskServer = (request) => callServer(operator, request, terminal)
    if (!options.dryRun) await createSite(options.site, operator, terminal)
    const id = options.dryRun ? undefined : await beginImport(options, ask, terminal)
    const known = await ask<ProcessList>({ method: 'GET', path: '/api/v1/admin/processes' })
    let discovered: DiscoveredProcess | undefined
    if (options.discover) {
      discovered = await discoverProcess(surveyed, options.terminal, known, monitor)
      const { process, version } = discovered
      const path = `/api/v1/admin/processes/${encodeURIComponent(process.code)}`
      if (!options.dryRun) await ask({ method: 'PUT', path, body: process, version })
    }
    const sender = id === undefined ? nowhere : await importSender(operator, terminal, id)
    const process =
      discovered?.process ??
      known.processes.find(({ code }) => code === (options.process ?? known.defaultProcess ?? undefined))
    const stages = process?.stages.map(({ code }) => code) ?? []
    const report = importReport(options, await importFile(options, sender, monitor, surveyed, stages), discovered)
    if (id !== undefined) await recordImport(id, report, ask)
    return report
  } finally {
    await operator.close()
  }
}

/** @throws AppError when the rows of the file, as it was recognized, name no stages. */
function requireStages({ how }: SurveyedFile): void {
  if (!how.orders) return
  throw new AppError(
    'bad_request',
    'a row of this file is an order with its facts and names no stage: leave out --discover, or say how it is to be read (--wide, --preset none)',
  )
}
