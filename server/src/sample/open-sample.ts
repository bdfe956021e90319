import { epochMs } from '@stagewatch/db/database.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Logger } from 'pino'
import { serverActor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { sampleSite } from '../platform/site.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { plantProcess, plantSite, plantSources } from './plant-definition.ts'
import { withPlantTranslations } from './plant-translations.ts'
import { dayMs } from './plant-time.ts'
import { startSample } from './run-sample.ts'
import type { RunningSample } from './run-sample.ts'

const seed = 'east-plant-1'
const historyMs = 30 * dayMs

/** Whether the sample factory lives in this database, or may move in because nothing else does. */
export async function sampleBelongs(database: Database): Promise<boolean> {
  const [row] = await database.query<{ sample: boolean; empty: boolean }>(
    `select exists (select from sites where code = $1) as sample, not exists (select from events) as empty`,
    [sampleSite],
  )
  return row?.sample === true || (row?.empty === true && database.kind === 'embedded')
}

/** Opens the site of the sample factory and lets it run: its history first, then as time passes. */
export async function openSample(options: {
  readonly database: Database
  readonly sites: SiteRegistry
  readonly clock: Clock
  readonly logger: Logger
}): Promise<RunningSample> {
  const { database, sites, clock, logger } = options
  const pipeline = await sites.getOrCreate(sampleSite, () => plantSite)
  if (pipeline.catalog.get(plantProcess.code) === undefined) await pipeline.saveProcess(plantProcess)
  for (const { source, name, intervalMs } of plantSources) {
    await pipeline.sources.register({ source, name, stages: [], ...(intervalMs !== undefined && { intervalMs }) })
  }
  await pipeline.translations.save(withPlantTranslations(pipeline.translations.now), serverActor)
  const { createdAt, lastEventAt } = await loadTimes(database, clock.now())
  return startSample({
    clock,
    plant: { seed, startAt: createdAt - historyMs },
    ...(lastEventAt !== null && { lastReportedAt: lastEventAt }),
    submit: (events) => submit(pipeline, events),
    onProgress: everyQuarter((percent) => logger.info(`sample factory: ${percent} % of its history`)),
    onWaiting: (until) => {
      const message = 'the clock was set back: the sample factory stands still until it comes to this time again'
      logger.warn({ until: new Date(until).toISOString() }, message)
    },
    onProblem: (error) => logger.warn({ err: error }, 'the sample factory could not report'),
  })
}

/** Tells of progress when it has passed another quarter. */
function everyQuarter(tell: (percent: number) => void): (doneRatio: number) => void {
  let told = 0
  return (doneRatio) => {
    const quarters = Math.floor(4 * doneRatio)
    if (quarters > told && quarters < 4) tell(25 * quarters)
    told = Math.max(told, quarters)
  }
}

async function submit(pipeline: SitePipeline, events: readonly OrderEvent[]): Promise<void> {
  const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
  const { rejected, results } = await pipeline.submit({ sender: 'sample factory', items })
  if (rejected === 0) return
  const first = results.find((result) => result.status === 'rejected')
  throw new AppError('internal', `${rejected} events of the sample factory were rejected: ${first?.code ?? ''}`)
}

async function loadTimes(database: Database, now: number): Promise<{ createdAt: number; lastEventAt: number | null }> {
  const [row] = await database.query<{ createdAt: number; lastEventAt: number | null }>(
    `select ${epochMs('created_at')} as "createdAt",
       (select ${epochMs('max(occurred_at)')} from events where site = $1) as "lastEventAt"
     from sites where code = $1`,
    [sampleSite],
  )
  return { createdAt: row?.createdAt ?? now, lastEventAt: row?.lastEventAt ?? null }
}
