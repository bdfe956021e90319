import { Counter, Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { LoadMonitor } from './load-monitor.ts'

/** Adds gauges for the load of the server instance, and for what it has given up because of it. */
export function addLoadGauges(registry: Registry, load: LoadMonitor): void {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number): void => {
    const added: Gauge = new Gauge({ name, help, registers, collect: () => added.set(read()) })
  }
  gauge('stagewatch_load_level', 'Load level: number of kinds of work that are given up.', () => load.level)
  gauge('stagewatch_load_lag_seconds', 'How late the last timer of the main thread fired.', () => {
    return load.sample.lagMs / 1_000
  })
  gauge('stagewatch_load_accept_seconds', 'How long a new connection waited until it was accepted.', () => {
    return load.sample.acceptMs / 1_000
  })
  gauge('stagewatch_load_waiting', 'Requests or statements that wait for an answer, whichever are more.', () => {
    return load.sample.waiting
  })
  gauge('stagewatch_load_memory_ratio', 'Used share of the memory that the process may have.', () => {
    return load.sample.memoryRatio
  })
  const refused: Counter<'work'> = new Counter({
    name: 'stagewatch_shed_requests_total',
    help: 'Requests and connections that were refused because of the load, since the start.',
    labelNames: ['work'],
    registers,
    collect() {
      refused.reset()
      for (const work of shedWork) refused.inc({ work }, load.refused[work])
    },
  })
}
