import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { mainSite } from '@stagewatch/server/platform/site.ts'
import { serve } from '@stagewatch/server/serve.ts'
import { pino } from 'pino'
import type { DatabasePlace } from '../ingest/ingest-settings.ts'
import { longestTurn } from '../longest-turn.ts'

export type AttackedSettings = DatabasePlace & {
  readonly localAdminToken: string
  readonly memoryVisits: number
}

/** Requests of the attacker to the process. */
export type AttackRequest =
  | { readonly ask: 'memory' }
  /** Opens `count` different views, as repeated edits of somebody's departments would. */
  | { readonly ask: 'views'; readonly count: number }
  /** Measures the turns of the event loop from now until `turn` is asked for. */
  | { readonly ask: 'watch' }
  | { readonly ask: 'turn' }

export type FromAttacked =
  | { readonly is: 'listening'; readonly url: string }
  | { readonly is: 'measured'; readonly memory: AttackedMemory }
  | { readonly is: 'viewed'; readonly open: number; readonly refused: number }
  | { readonly is: 'watching' }
  /** The longest turn since it was watched. */
  | { readonly is: 'turned'; readonly longestMs: number }

/** In MiB. */
export interface AttackedMemory {
  /** Objects and buffers retained after a garbage collection. */
  readonly held: number
  /** Peak of the process since the last measurement. */
  readonly peakRss: number
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const { localAdminToken, memoryVisits, ...place }: AttackedSettings = JSON.parse(process.argv[2] ?? '{}')
const { database } = await openDatabase(place)
const server = await serve({
  environment: parseEnvironment({ PORT: '0', MEMORY_VISITS: String(memoryVisits) }),
  database,
  clock: systemClock,
  logger: pino({ level: 'error' }),
  localAdminToken,
})
server.markReady()

const mib = 1024 ** 2
let peakRss = 0
setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20)

process.on('message', (request: AttackRequest) => void answer(request))
process.on('disconnect', () => process.exit())
send({ is: 'listening', url: server.url })

async function answer(request: AttackRequest): Promise<void> {
  switch (request.ask) {
    case 'memory':
      return send({ is: 'measured', memory: measured() })
    case 'views':
      return send({ is: 'viewed', ...(await openViews(request.count)) })
    case 'watch':
      watched = watchTurns()
      return send({ is: 'watching' })
    case 'turn':
      return send({ is: 'turned', longestMs: (await watched?.stop()) ?? 0 })
  }
}

let watched: ReturnType<typeof watchTurns> | undefined

function watchTurns(): { readonly stop: () => Promise<number> } {
  const over = Promise.withResolvers<void>()
  const longestMs = longestTurn(() => over.promise)
  return {
    stop() {
      over.resolve()
      return longestMs
    },
  }
}

function measured(): AttackedMemory {
  const peak = Math.max(peakRss, process.memoryUsage.rss()) / mib
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  peakRss = rss
  return { held: (heapUsed + external) / mib, peakRss: peak }
}

async function openViews(count: number): Promise<{ open: number; refused: number }> {
  const pipeline = await server.sites.get(mainSite)
  const all = Array.from({ length: count }, (_, i) => pipeline.view(['D-0', 'D-1', `edit ${i}`]))
  const opened = await Promise.allSettled(all)
  return {
    open: opened.filter(({ status }) => status === 'fulfilled').length,
    refused: opened.filter(({ status }) => status === 'rejected').length,
  }
}

function send(message: FromAttacked): void {
  process.send?.(message)
}
