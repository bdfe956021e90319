import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

/** Number of entries of a bounded collection, and its limit. */
export interface Usage {
  readonly size: number
  readonly limit: number
}

/** Adds gauges for the size and limit of every bounded collection. @param read usage by the name of each collection. */
export function addCollectionGauges(registry: Registry, read: () => Promise<Readonly<Record<string, Usage>>>): void {
  const registers = [registry]
  const labelNames = ['collection'] as const
  const limits = new Gauge({
    name: 'stagewatch_collection_limit',
    help: 'Maximum number of entries of a collection.',
    labelNames,
    registers,
  })
  const sizes: Gauge<'collection'> = new Gauge({
    name: 'stagewatch_collection_size',
    help: 'Number of entries of a collection; of per-site collections, that of the largest.',
    labelNames,
    registers,
    async collect() {
      for (const [collection, { size, limit }] of Object.entries(await read())) {
        sizes.set({ collection }, size)
        limits.set({ collection }, limit)
      }
    },
  })
}
