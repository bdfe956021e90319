import { alternate } from '../alternate.ts'
import { addTables } from '../import/copied-tables.ts'
import { importAlone, importedTables, timed } from '../import/import-alone.ts'
import { importHeader, importRows } from '../import/import-rows.ts'
import { runImport, withFreshServer } from '../import/run-import.ts'
import type { CommandRun, ImportRun } from '../import/run-import.ts'
import { embeddedPlace, postgresqlPlace } from '../ingest/ingest-places.ts'
import { median } from '../median.ts'
import { writeRowsFile } from '../rows-file.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const count = Number(process.env['BENCH_IMPORT_ROWS'] ?? 1_000_000)
const title = `import of a CSV file of ${count.toLocaleString('en')} rows`

export const csvImport: Row = { id: 'B2', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  progress('writing the file')
  const file = await writeRowsFile(
    (function* () {
      yield importHeader
      yield* importRows(count)
    })(),
  )
  try {
    return [...(await onPostgresql(file.path, progress)), ...(await onEmbedded(file.path, progress))]
  } finally {
    await file.remove()
  }
}

async function onPostgresql(path: string, progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B2', what: `${title}, on PostgreSQL`, skipped: fresh.skipped }]
  const place = async () => {
    const another = await postgresqlPlace()
    if ('skipped' in another) throw new Error(another.skipped)
    return another
  }
  progress('importing the rows that the limit is measured with')
  const tables = await importedTables(fresh, [path], count)
  const { alone, beside, limit } = await alternate(
    {
      alone: async () => importAlone(await place(), [path], count),
      beside: async () => withFreshServer(await place(), (server, env) => runImport(server, env, [path], count)),
      limit: async () => timed(await addTables(await place(), tables)),
    },
    progress,
  )
  return [
    ratio('from the start of the command to its end, on PostgreSQL', 0.5, shown(alone), limit),
    ratio('from the start of the command until a second server shows every row', 0.35, shown(beside), limit),
    ...cpuOf(alone, limit),
  ]
}

async function onEmbedded(path: string, progress: Progress): Promise<Outcome[]> {
  progress('importing the rows that the limit is measured with')
  const tables = await importedTables(await embeddedPlace(), [path], count)
  const { alone, beside, limit } = await alternate(
    {
      alone: async () => importAlone(await embeddedPlace(), [path], count),
      beside: async () =>
        withFreshServer(await embeddedPlace(), (server, env) => runImport(server, env, [path], count)),
      limit: async () => timed(await addTables(await embeddedPlace(), tables)),
    },
    progress,
  )
  return [
    ratio('from the start of the command to its end, on PGlite', 0.5, shown(alone), limit),
    ratio('the same through a server that runs, on PGlite', 0.35, shown(beside), limit),
  ]
}

function shown(runs: readonly ImportRun[]): number[] {
  return runs.map(({ shownMs }) => shownMs)
}

function ratio(of: string, target: number, ours: readonly number[], limits: readonly ImportRun[]): Figure {
  const [product, peer] = [ours.map(rowsPerS), shown(limits).map(rowsPerS)]
  return {
    id: 'B2',
    what: `${title}: ${of}`,
    value: median(product) / median(peer),
    target,
    better: 'higher',
    unit: 'of COPY',
    product: { name: 'stagewatch import', value: median(product), unit: 'rows/s' },
    peer: { name: 'COPY of the same rows', value: median(peer), unit: 'rows/s' },
    runs: product.map((value, i) => ({ product: value, peer: peer[i] ?? Number.NaN })),
    notes: [
      'each into a fresh database; every row accepted; stages are learned from the file',
      'the limit is binary COPY of exactly the rows that the import leaves in events, orders and visits, with their keys, in one transaction',
    ],
  }
}

function cpuOf(runs: readonly CommandRun[], limits: readonly ImportRun[]): Figure[] {
  const perRow = runs.flatMap(({ cpuS }) => (cpuS === undefined ? [] : [(cpuS * 1e6) / count]))
  if (perRow.length === 0) return []
  const limitUs = shown(limits).map((ms) => (ms * 1_000) / count)
  return [
    {
      id: 'B2',
      what: `${title}: processor time of the command and its backend, on PostgreSQL`,
      value: median(perRow),
      target: 22,
      better: 'lower',
      unit: 'µs/row',
      product: { name: 'stagewatch import', value: median(perRow), unit: 'µs/row' },
      peer: { name: 'COPY of the same rows, elapsed', value: median(limitUs), unit: 'µs/row' },
      runs: perRow.map((product, i) => ({ product, peer: limitUs[i] ?? Number.NaN })),
    },
  ]
}

function rowsPerS(elapsedMs: number): number {
  return count / (elapsedMs / 1000)
}
