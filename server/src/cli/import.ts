import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, siteHelp } from './command.ts'
import type { DiscoveredProcess } from '../ingest/imports/discover-process.ts'
import { nowhere } from '../ingest/imports/event-sender.ts'
import { importSurveyed, requireStages } from '../ingest/imports/import-surveyed.ts'
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
import { importSender } from './send-events.ts'
import { surveyFile } from '../ingest/imports/survey-file.ts'
import type { SurveyedFile } from '../ingest/imports/survey-file.ts'

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
  const monitor = terminalMonitor(terminal)
  const surveyed = await surveyFile(options, monitor)
  try {
    if (options.discover) requireStages(surveyed)
    else if (options.dryRun) {
      return await importSurveyed(surveyed, options, { known: undefined, sender: nowhere, saveProcess }, monitor)
    }
    return await importAtServer(options, surveyed, terminal)
  } finally {
    await surveyed.file.close()
  }
}

/** A dry run saves none. */
const saveProcess = () => Promise.resolve()

async function importAtServer(
  options: ImportOptions,
  surveyed: SurveyedFile,
  terminal: Terminal,
): Promise<ImportReport> {
  const operator = await openLocalAdmin({ site: options.site, showsOrders: false })
  try {
    const ask: AskServer = (request) => callServer(operator, request, terminal)
    if (!options.dryRun) await createSite(options.site, operator, terminal)
    const id = options.dryRun ? undefined : await beginImport(options, ask, terminal)
    const target = {
      known: await ask<ProcessList>({ method: 'GET', path: '/api/v1/admin/processes' }),
      sender: id === undefined ? nowhere : await importSender(operator, terminal, id),
      async saveProcess({ process, version }: DiscoveredProcess) {
        const path = `/api/v1/admin/processes/${encodeURIComponent(process.code)}`
        await ask({ method: 'PUT', path, body: process, version })
      },
    }
    const report = await importSurveyed(surveyed, options, target, terminalMonitor(terminal))
    if (id !== undefined) await recordImport(id, report, ask)
    return report
  } finally {
    await operator.close()
  }
}
