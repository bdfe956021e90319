import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { alternate } from '../alternate.ts'
import { copyOut } from '../filled/copy-out.ts'
import { fillDatabase } from '../filled/fill-database.ts'
import { startFilledServer } from '../filled/start-filled-server.ts'
import { postgresqlPlace } from '../ingest/ingest-places.ts'
import { median } from '../median.ts'
import type { Outcome, Progress, Row } from '../row.ts'

const visits = Number(process.env['BENCH_STORED_VISITS'] ?? 10_000_000)
const filling = { orders: Math.round(visits / 10), visitsPerOrder: 10, openEvery: 20 }
const rows = filling.orders * (filling.visitsPerOrder + 1)
const title = `start on ${visits.toLocaleString('en')} visits in ${filling.orders.toLocaleString('en')} orders`
const longestS = 2.5

export const rebuild: Row = { id: 'B8', title, run }

async function run(progress: Progress): Promise<Outcome[]> {
  const fresh = await postgresqlPlace()
  if ('skipped' in fresh) return [{ id: 'B8', what: title, skipped: fresh.skipped }]
  const { databaseUrl = '' } = fresh.place
  try {
    progress('filling the tables')
    await fillDatabase(databaseUrl, filling)
    const memoryMb: number[] = []
    const product = async () => {
      const server = await startFilledServer(databaseUrl)
      try {
        await checkVisits(server.url)
        memoryMb.push(server.memoryMb)
        return rowsPerS(server.elapsedMs)
      } finally {
        await server.stop()
      }
    }
    const peer = async () => rowsPerS(await copyOut(databaseUrl, rows))
    const { product: ours, peer: theirs } = await alternate({ product, peer }, progress)
    const perMillion = ours.map((rate) => ((rows / rate) * 1e6) / visits)
    return [
      {
        id: 'B8',
        what: `${title}: rows/s`,
        value: median(ours) / median(theirs),
        target: 0.35,
        better: 'higher',
        unit: 'of bare copy out',
        product: { name: 'start of the server', value: median(ours), unit: 'rows/s' },
        peer: { name: 'bare COPY TO STDOUT', value: median(theirs), unit: 'rows/s' },
        runs: ours.map((value, i) => ({ product: value, peer: theirs[i] ?? Number.NaN })),
        notes: [
          `from a connected database to the answer of /readyz: ${(rows / median(ours)).toFixed(1)} s, and ${median(memoryMb).toFixed(0)} MB of memory then; the process itself starts before`,
          `PostgreSQL; every ${filling.openEvery}th order is open; the finished and the open visits of the statistics are those of the tables`,
        ],
      },
      {
        id: 'B8',
        what: `${title}: time of a million visits`,
        value: median(perMillion),
        target: longestS,
        better: 'lower',
        unit: 's',
        product: { name: 'start of the server', value: median(perMillion), unit: 's' },
        peer: { name: 'limit', value: longestS, unit: 's' },
        runs: perMillion.map((value) => ({ product: value, peer: longestS })),
      },
    ]
  } finally {
    await fresh.remove()
  }
}

async function checkVisits(url: string): Promise<void> {
  const { stages } = stageStatsAnswer.parse(await (await fetch(`${url}/api/v1/stages/stats`)).json())
  const finished = stages.reduce((sum, stage) => sum + stage.visits, 0)
  const open = stages.reduce((sum, stage) => sum + stage.wip, 0)
  const wantedOpen = Math.floor(filling.orders / filling.openEvery)
  const wanted = filling.orders * filling.visitsPerOrder - wantedOpen
  if (finished !== wanted || open !== wantedOpen) {
    throw new Error(`the server has ${finished} visits and ${open} open ones, not ${wanted} and ${wantedOpen}`)
  }
}

function rowsPerS(elapsedMs: number): number {
  return rows / (elapsedMs / 1000)
}
