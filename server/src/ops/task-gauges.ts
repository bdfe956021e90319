import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { JobCounts } from '../platform/jobs.ts'
import type { TaskReport } from '../platform/background-tasks.ts'

/** Adds gauges for recurring tasks of this server instance. */
export function addTaskGauges(registry: Registry, reports: () => readonly TaskReport[]): void {
  addTaskGauge('last_run_timestamp_seconds', 'When the task last ran here.', ({ lastRunAt }) => seconds(lastRunAt))
  addTaskGauge('duration_seconds', 'How long its last run took.', ({ lastDurationMs }) => seconds(lastDurationMs))
  addTaskGauge('failures', 'Failed runs since the start of the server.', ({ failureCount }) => failureCount)
  addTaskGauge('failing', '1: its last run failed.', ({ lastError }) => (lastError === undefined ? 0 : 1))

  /** @param read undefined if there is no value yet. */
  function addTaskGauge(name: string, help: string, read: (report: TaskReport) => number | undefined): void {
    const gauge: Gauge<'task'> = new Gauge({
      name: `stagewatch_background_task_${name}`,
      help,
      labelNames: ['task'],
      registers: [registry],
      collect() {
        for (const report of reports()) {
          const value = read(report)
          if (value !== undefined) gauge.set({ task: report.name }, value)
        }
      },
    })
  }
}

/** Adds the gauge for pending and dead jobs in the queues of all server instances. */
export function addJobGauge(registry: Registry, read: () => Promise<readonly JobCounts[]>): void {
  const gauge: Gauge<'queue' | 'state'> = new Gauge({
    name: 'stagewatch_jobs',
    help: 'Jobs that are waiting, and jobs given up in the last days, of all server instances.',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      // While the database is away, the counts are unknown, but all other metrics are still reported.
      const counts = await read().catch(() => [])
      gauge.reset()
      for (const { queue, waiting, dead } of counts) {
        gauge.set({ queue, state: 'waiting' }, waiting)
        gauge.set({ queue, state: 'dead' }, dead)
      }
    },
  })
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000
}
