import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

/** Archiving at a site. */
export interface ArchiveState {
  readonly site: string
  /** Orders whose events are in archives. */
  readonly archivedOrders: number
  /** When its last run began, epoch ms. Null: there was none. */
  readonly lastRunAt: number | null
  readonly isFailing: boolean
}

/** Adds gauges for archiving at the sites that have archived or tried to. */
export function addArchiveGauges(registry: Registry, read: () => Promise<readonly ArchiveState[]>): void {
  const registers = [registry]
  const labelNames = ['site'] as const
  const orders = new Gauge({
    name: 'stagewatch_archived_orders',
    help: 'Orders whose events are in archives.',
    labelNames,
    registers,
  })
  const lastRun = new Gauge({
    name: 'stagewatch_archive_last_run_timestamp_seconds',
    help: 'When orders were last archived.',
    labelNames,
    registers,
  })
  const failing: Gauge<'site'> = new Gauge({
    name: 'stagewatch_archive_failing',
    help: '1: the last run of archiving failed.',
    labelNames,
    registers,
    async collect() {
      // While the database is away, these are unknown, but all other metrics are still reported.
      const states = await read().catch(() => [])
      for (const gauge of [orders, lastRun, failing]) gauge.reset()
      for (const { site, archivedOrders, lastRunAt, isFailing } of states) {
        orders.set({ site }, archivedOrders)
        failing.set({ site }, isFailing ? 1 : 0)
        if (lastRunAt !== null) lastRun.set({ site }, lastRunAt / 1_000)
      }
    },
  })
}
