import { loadAverage, machine } from './machine.ts'
import { printTable } from './print-table.ts'
import { saveResults } from './results-file.ts'
import type { Outcome } from './row.ts'
import { ingest } from './rows/b1-ingest.ts'
import { csvImport } from './rows/b2-import.ts'
import { liveAggregates } from './rows/b3-live-aggregates.ts'
import { filteredScan } from './rows/b4-filtered-scan.ts'
import { percentileError } from './rows/b5-percentile-error.ts'
import { fanOut } from './rows/b6-fan-out.ts'
import { latency } from './rows/b7-latency.ts'
import { rebuild } from './rows/b8-rebuild.ts'
import { dueInstant } from './rows/b9-due-instant.ts'
import { workingTime } from './rows/b10-working-time.ts'
import { realLog } from './rows/b11-real-log.ts'
import { growth } from './rows/b12-growth.ts'
import { wallPage } from './rows/b13-wall.ts'
import { giantOrder } from './rows/b14-giant-order.ts'
import { attacks } from './rows/b15-attacks.ts'
import { desk } from './rows/b16-desk.ts'
import { overviewPage } from './rows/b17-overview.ts'
import { fileReading } from './rows/b18-file-reading.ts'
import { dryRun } from './rows/b19-dry-run.ts'
import { analysis } from './rows/b20-analysis.ts'
import { alerts } from './rows/b21-alerts.ts'
import { analysisPage } from './rows/b22-analysis-page.ts'
import { alertLatency } from './rows/b23-alert-latency.ts'
import { heldLoop } from './rows/b24-held-loop.ts'

const rows = [
  ingest,
  csvImport,
  liveAggregates,
  filteredScan,
  percentileError,
  fanOut,
  latency,
  rebuild,
  dueInstant,
  workingTime,
  realLog,
  growth,
  wallPage,
  giantOrder,
  attacks,
  desk,
  overviewPage,
  fileReading,
  dryRun,
  analysis,
  alerts,
  analysisPage,
  alertLatency,
  heldLoop,
]

const wanted = process.argv.slice(2).map((id) => id.toUpperCase())
const unknown = wanted.filter((id) => !rows.some((row) => row.id === id))
if (unknown.length > 0) {
  console.error(`no such row: ${unknown.join(', ')}. There are ${rows.map(({ id }) => id).join(', ')}.`)
  process.exit(2)
}

const loadBefore = loadAverage()
const { cores } = machine()
if (loadBefore > cores) console.error(`The machine is busy: load ${loadBefore} on ${cores} cores. Figures will suffer.`)

const chosen = rows.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
const outcomes: Outcome[] = []
for (const [number, row] of chosen.entries()) {
  console.error(`[${number + 1}/${chosen.length}] ${row.id} ${row.title}`)
  outcomes.push(...(await row.run((message) => console.error(`        ${message}`))))
}
printTable(outcomes)
saveResults(outcomes, new Date(), loadBefore)
