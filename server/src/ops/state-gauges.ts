import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { Clock } from '../platform/clock/clock.ts'
import type { StageCounts } from '../engine/stage-aggregates.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'

/** State that is read at each scrape. */
export interface WatchedServer {
  readonly sites: SiteRegistry
  readonly clock: Clock
  readonly socketCount: () => number
  /** How long events of other server instances have been waiting for an open transaction, ms. */
  readonly logHeldMs: () => number
  /** Free space on the disk of the database. Undefined: it is on another machine, or unknown. */
  readonly diskFreeBytes: () => Promise<number | undefined>
}

/**
 * Senders choose the names of stages and sources: more series than this per site are left out, so that a sender cannot
 * flood the metrics.
 */
const seriesPerSite = 500

/** Adds gauges for the state at the time of a scrape. */
export function addStateGauges(registry: Registry, server: WatchedServer): void {
  const { sites, clock, socketCount, logHeldMs, diskFreeBytes } = server
  const registers = [registry]

  function addGauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: (pipeline: SitePipeline) => Iterable<readonly [labels: Record<Label, string>, value: number]>,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const pipelines = await sites.list()
        gauge.reset()
        for (const pipeline of pipelines) {
          for (const [labels, value] of Iterator.from(read(pipeline)).take(seriesPerSite)) gauge.set(labels, value)
        }
      },
    })
  }

  function addStageGauge(name: string, help: string, count: keyof StageCounts): void {
    addGauge(name, help, ['site', 'process', 'stage'], ({ site, engine }) =>
      [...engine.processes()].flatMap(({ stages }) =>
        stages.map(({ process, definition, counts }) => [
          { site: site.code, process, stage: definition.code },
          counts[count],
        ]),
      ),
    )
  }

  addGauge('stagewatch_events_waiting', 'Events that are not yet durable.', ['site'], ({ site, waitingEvents }) => [
    [{ site: site.code }, waitingEvents],
  ])
  addGauge('stagewatch_log_position', 'Position in the log up to which events are visible.', ['site'], (pipeline) => [
    [{ site: pipeline.site.code }, Number(pipeline.position)],
  ])
  addGauge('stagewatch_orders_open', 'Open orders, in a stage or between two.', ['site', 'process'], (pipeline) =>
    [...pipeline.engine.processes()].map(({ definition, openCount }) => [
      { site: pipeline.site.code, process: definition.code },
      openCount,
    ]),
  )
  addStageGauge('stagewatch_orders_wip', 'Open orders in the stage.', 'wip')
  addStageGauge('stagewatch_orders_judged', 'Orders in the stage that have a target.', 'limited')
  addStageGauge('stagewatch_orders_overdue', 'Orders in the stage that are past its target.', 'overdue')
  addStageGauge(
    'stagewatch_orders_at_risk',
    'Orders in the stage past the warning threshold, not yet overdue.',
    'atRisk',
  )
  addStageGauge('stagewatch_orders_stalled', 'Orders in the stage without progress for too long.', 'stalled')
  addGauge(
    'stagewatch_source_age_seconds',
    'Time since a source was last heard from.',
    ['site', 'source'],
    (pipeline) =>
      Object.entries(pipeline.sources.freshness()).map(([source, { lastReceivedAt }]) => [
        { site: pipeline.site.code, source },
        Math.max(0, clock.now() - lastReceivedAt) / 1_000,
      ]),
  )
  const sockets: Gauge = new Gauge({
    name: 'stagewatch_sockets_connected',
    help: 'Connected screens.',
    registers,
    collect: () => sockets.set(socketCount()),
  })
  const held: Gauge = new Gauge({
    name: 'stagewatch_log_held_seconds',
    help: 'How long events of other servers have waited for an older transaction of this database.',
    registers,
    collect: () => held.set(logHeldMs() / 1_000),
  })
  const disk: Gauge = new Gauge({
    name: 'stagewatch_disk_free_bytes',
    help: 'Free space on the disk of the embedded database.',
    registers,
    async collect() {
      const free = await diskFreeBytes()
      // Without a value, a gauge without labels would be reported as 0.
      if (free === undefined) disk.remove()
      else disk.set(free)
    },
  })
}
