import { collectDefaultMetrics, Registry } from 'prom-client'
import { PipelineMetrics } from './pipeline-metrics.ts'
import { addStateGauges } from './state-gauges.ts'
import type { WatchedServer } from './state-gauges.ts'

/** Everything that one server tells Prometheus; each has a line in docs/operating/metrics.md. */
export class ServerMetrics {
  readonly registry = new Registry()
  readonly pipelines = new PipelineMetrics(this.registry)

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  watch(server: WatchedServer): void {
    addStateGauges(this.registry, server)
  }
}
