import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events as log, sites as siteRows } from '@stagewatch/db/schema.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, inArray, max } from 'drizzle-orm'
import type { Logger } from 'pino'
import { serverActor } from '../access/actor.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { sampleSite } from '../platform/site.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { manageDepartments } from './manage-departments.ts'
import { concessionProcess } from './plant-concessions.ts'
import { plantProcess, plantSite, plantSources } from './plant-definition.ts'
import { withPlantTranslations } from './plant-translations.ts'
import { dayMs } from './plant-time.ts'
import { startSample } from './run-sample.ts'
import type { RunningSample } from './run-sample.ts'
import { SampleStaff } from './sample-staff.ts'

const seed = 'east-plant-1'
const historyMs = 30 * dayMs

/** Whether this database contains the sample factory, or is empty, so that it can be created. */
export async function sampleBelongs(database: Database): Promise<boolean> {
  if ((await createdAtOf(database)) !== undefined) return true
  if (database.kind !== 'embedded') return false
  const [first] = await drizzleOn(database).select({ id: log.id }).from(log).limit(1)
  return first === undefined
}

/** Opens the site of the sample factory and runs it: first its history, then in real time. */
export async function openSample(options: {
  readonly database: Database
  readonly sites: SiteRegistry
  readonly clock: Clock
  readonly logger: Logger
}): Promise<RunningSample> {
  const { database, sites, clock, logger } = options
  const pipeline = await sites.getOrCreate(sampleSite, () => plantSite)
  // Before there are events, because afterwards a new process folds them all again.
  for (const process of [plantProcess, concessionProcess()]) {
    if (pipeline.catalog.get(process.code) === undefined) await pipeline.saveProcess(process)
  }
  for (const { source, name, intervalMs } of plantSources) {
    await pipeline.sources.register({ source, name, stages: [], ...(intervalMs !== undefined && { intervalMs }) })
  }
  await pipeline.translations.save(withPlantTranslations(pipeline.translations.now), serverActor)
  await manageDepartments(pipeline)
  const createdAt = (await createdAtOf(database)) ?? clock.now()
  const lastEventAt = await lastEventAtOf(database)
  const plant = startSample({
    clock,
    plant: { seed, startAt: createdAt - historyMs },
    ...(lastEventAt !== undefined && { lastReportedAt: lastEventAt }),
    submit: (events, isHistory) => submit(pipeline, events, isHistory),
    onProgress: everyQuarter((percent) => logger.info(`sample factory: ${percent} % of its history written`)),
    onWaiting: (until) => {
      const message = 'the clock was set back: the sample factory pauses until that time is reached again'
      logger.warn({ until: new Date(until).toISOString() }, message)
    },
    onProblem: (error) => logger.warn({ err: error }, 'the sample factory could not send its events'),
  })
  const staff = new SampleStaff({
    database,
    pipeline,
    clock,
    sites,
    logger,
    submit: (events) => submit(pipeline, events, false),
  })
  return {
    caughtUp: plant.caughtUp.then(() => staff.start()),
    async stop() {
      staff.stop()
      await plant.stop()
      await staff.ended
    },
  }
}

/** Reports progress at every quarter. */
function everyQuarter(tell: (percent: number) => void): (doneRatio: number) => void {
  let told = 0
  return (doneRatio) => {
    const quarters = Math.floor(4 * doneRatio)
    if (quarters > told && quarters < 4) tell(25 * quarters)
    told = Math.max(told, quarters)
  }
}

/** @param imported whether they happened before the sample was created. */
async function submit(pipeline: SitePipeline, events: readonly OrderEvent[], imported: boolean): Promise<void> {
  const items = events.map((event, index) => ({ index, ok: true as const, event, raw: event }))
  const { rejected, results } = await pipeline.submit({ sender: 'sample factory', imported, items })
  if (rejected === 0) return
  const first = results.find((result) => result.status === 'rejected')
  throw new AppError('internal', `${rejected} events of the sample factory were rejected: ${first?.code ?? ''}`)
}

/** Creation time of the sample site, epoch ms; undefined if it does not exist. */
async function createdAtOf(db: Queryable): Promise<number | undefined> {
  const [row] = await drizzleOn(db)
    .select({ createdAt: siteRows.createdAt })
    .from(siteRows)
    .where(eq(siteRows.code, sampleSite))
  return row?.createdAt
}

/** Time of the last event of the plant's sources, epoch ms; undefined if there are none. */
async function lastEventAtOf(db: Queryable): Promise<number | undefined> {
  const [row] = await drizzleOn(db)
    .select({ at: max(log.occurredAt) })
    .from(log)
    .where(
      and(
        eq(log.site, sampleSite),
        inArray(
          log.source,
          plantSources.map(({ source }) => source),
        ),
      ),
    )
  return row?.at ?? undefined
}
