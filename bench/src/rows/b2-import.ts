import { alternate } from '../alternate.ts'
import { copyIntoEmbedded, copyIntoPostgresql } from '../import/bare-copy.ts'
import { importHeader, importRows } from '../import/import-rows.ts'
import { runImport, withFreshServer } from '../import/run-import.ts'
import type { ImportRun } from '../import/run-import.ts'
import { embeddedPlace, postgresqlPlace } from '../ingest/ingest-places.ts'
import { median } from '../median.ts'
import { openBenchDatabase } from '../postgresql.ts'
import { writeRowsFile } from '../rows-file.ts'
import type { Figure, Outcome, Progress, Row } from '../row.ts'

const count = Number(process.env['BENCH_IMPORT_ROWS'] ?? 200_000)
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
    return [await onPostgresql(file.path, progress), await onEmbedded(file.path, progress)]
  } finally {
    await file.remove()
  }
}

async function onPostgresql(path: string, progress: Progress): Promise<Outcome> {
  const what = `${title}: rows/s on PostgreSQL`
  const bare = await openBenchDatabase()
  if ('skipped' in bare) return { id: 'B2', what, skipped: bare.skipped }
  try {
    const product = async () => {
      const fresh = await postgresqlPlace()
      if ('skipped' in fresh) throw new Error(fresh.skipped)
      return withFreshServer(fresh, (server, env) => runImport(server, env, [path], count))
    }
    return await measure(what, product, () => copyIntoPostgresql(bare, path, count), progress)
  } finally {
    await bare.drop()
  }
}

async function onEmbedded(path: string, progress: Progress): Promise<Outcome> {
  const bare = await embeddedPlace()
  try {
    const product = async () =>
      withFreshServer(await embeddedPlace(), (server, env) => runImport(server, env, [path], count))
    const peer = () => copyIntoEmbedded(bare.place.dataDirectory, path, count)
    return await measure(`${title}: rows/s on PGlite`, product, peer, progress)
  } finally {
    await bare.remove()
  }
}

async function measure(
  what: string,
  importOnce: () => Promise<ImportRun>,
  copyOnce: () => Promise<number>,
  progress: Progress,
): Promise<Figure> {
  const imports: ImportRun[] = []
  const contestants = {
    product: async () => {
      const done = await importOnce()
      imports.push(done)
      return rowsPerS(done.shownMs)
    },
    peer: async () => rowsPerS(await copyOnce()),
  }
  const { product: ours, peer: theirs } = await alternate(contestants, progress)
  const [product, peer] = [median(ours), median(theirs)]
  const behindMs = median(imports.map(({ shownMs, commandMs }) => shownMs - commandMs))
  return {
    id: 'B2',
    what,
    value: product / peer,
    target: 0.25,
    better: 'higher',
    unit: 'of bare copy',
    product: { name: 'stagewatch import', value: product, unit: 'rows/s' },
    peer: { name: 'bare \\copy', value: peer, unit: 'rows/s' },
    runs: ours.map((value, i) => ({ product: value, peer: theirs[i] ?? Number.NaN })),
    notes: [
      `each import into a fresh database; the clock runs from the start of the command until the server that runs beside it has every row, ${behindMs.toFixed(0)} ms after the command ended`,
      'every row accepted; seven columns; the bare table has no key; stages are learned from the file and have no targets',
    ],
  }
}

function rowsPerS(elapsedMs: number): number {
  return count / (elapsedMs / 1000)
}
