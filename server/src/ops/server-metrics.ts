import { collectDefaultMetrics, Registry } from 'prom-client'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { addCollectionGauges } from '../platform/collection-gauges.ts'
import type { Usage } from '../platform/collection-gauges.ts'
import { addLoadGauges } from '../platform/load/load-gauges.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import { PipelineMetrics } from './pipeline-metrics.ts'
import { addStateGauges } from './state-gauges.ts'
import type { TaskReport } from '../platform/background-tasks.ts'
import type { JobCounts } from '../platform/jobs.ts'
import { addArchiveGauges } from './archive-gauges.ts'
import type { ArchiveState } from './archive-gauges.ts'
import { addJobGauge, addTaskGauges } from './task-gauges.ts'
import type { WatchedServer } from './state-gauges.ts'

/** All Prometheus metrics of a server; each has a line in docs/operating/metrics.md. */
export class ServerMetrics {
  readonly registry = new Registry()
  readonly pipelines = new PipelineMetrics(this.registry)

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  watch(
    server: WatchedServer & {
      readonly load: LoadMonitor
      readonly usage: () => Promise<Readonly<Record<string, Usage>>>
      readonly tasks: () => readonly TaskReport[]
      readonly jobs: () => Promise<readonly JobCounts[]>
      readonly archives: () => Promise<readonly ArchiveState[]>
    },
  ): void {
    addTaskGauges(this.registry, server.tasks)
    addJobGauge(this.registry, server.jobs)
    addArchiveGauges(this.registry, server.archives)
    addStateGauges(this.registry, server)
    addLoadGauges(this.registry, server.load)
    addCollectionGauges(this.registry, async () => ({
      ...(await server.usage()),
      ...largestOf(await server.sites.list()),
    }))
  }
}

/** For each collection, the usage of the site with the largest one. */
function largestOf(pipelines: readonly SitePipeline[]): Record<string, Usage> {
  const largest: Record<string, Usage> = {}
  for (const { usage } of pipelines) {
    for (const [collection, used] of Object.entries(usage)) {
      if (used.size >= (largest[collection]?.size ?? 0)) largest[collection] = used
    }
  }
  return largest
}
