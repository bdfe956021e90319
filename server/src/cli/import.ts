import { parseArgs } from 'node:util'
import { knownExports } from '../ingest/files/known-exports.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, siteHelp } from './command.ts'
import { batchHelp, readBatchCommand, runBatchCommand } from './import-batches.ts'
import { readImportOptions } from './import-options.ts'
import { printReport } from './import-report.ts'
import { mappingHelp } from './mapping-options.ts'
import { importWith } from './run-import.ts'
import { loadSavedMapping } from './saved-mappings.ts'

export const importCommand: Command = {
  name: 'import',
  summary: 'read events or orders from a CSV, XLSX, XES or NDJSON file',
  help: `FILE [OPTIONS]
       stagewatch import --presets
       stagewatch import list | show ID | undo ID --reason TEXT

FILE is CSV, a workbook (.xlsx) or an event log (XES), plain, gzipped or zipped, with a row
for each event (order_id, stage, timestamp, ...), or with --orders a row for each
order; or NDJSON, with a line for each event as stagewatch export writes it. Importing it
again adds nothing.

${mappingHelp}
  --orders              each row tells an order's customer, product, quantity, amount, due_at
  --wide                each row is an order with a column for each of its milestones, which a
                        mapping names ("milestones"); default: every column of times
  --discover            first create the process from the file: its stages in their usual
                        order, each with a target that four of five visits have kept;
                        a process that exists gets the stages that it lacks
  --terminal STAGE      this stage ends an order; with --discover, may be repeated
  --save-mapping NAME   keep what was said of the file under a name, for --mapping NAME
  --dry-run             read and judge everything as the import would, and keep nothing of it
  --errors FILE         write the rejected rows there as CSV, with the reasons
  --replace, --beside   when the file was imported before with other options: undo that
                        import first, or keep both
${siteHelp}

${batchHelp}

Examples:
  stagewatch import events.csv --dry-run --discover --timezone Asia/Shanghai
  stagewatch import events.csv --discover --terminal shipped --timezone Asia/Shanghai
  stagewatch import erp.csv --column order='Job no.' --column stage=Step --save-mapping erp
  stagewatch import erp-tuesday.csv --mapping erp
  stagewatch import milestones.xlsx --wide --mapping milestones.json`,
  async run(args, terminal) {
    const batch = readBatchCommand(args)
    if (batch !== undefined) return runBatchCommand(batch, terminal)
    if (args.includes('--presets')) return printPresets(args, terminal)
    const options = await readImportOptions(args, (site, name) => loadSavedMapping(site, name, terminal))
    const report = await importWith(options, terminal)
    printReport(report, options, terminal)
    return report.brokenOff === undefined && report.rejected === 0 ? exitCode.done : exitCode.problems
  },
}

const rowNames = { events: 'events', orders: 'orders', wide: 'orders with milestones' } as const

/** Lists the known exports of other programs. */
function printPresets(args: readonly string[], terminal: Terminal): ExitCode {
  const options = { presets: { type: 'boolean' }, json: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args: [...args], options })
  if (values.json) terminal.print(JSON.stringify({ presets: knownExports }))
  else {
    for (const { name, title, headers, rows } of knownExports) {
      terminal.print(`${name.padEnd(18)}${title}; rows are ${rowNames[rows]}`)
      terminal.print(`${' '.repeat(18)}recognized by ${headers.join(', ')}`)
    }
  }
  return exitCode.done
}
