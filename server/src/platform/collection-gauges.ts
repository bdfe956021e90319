import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

/** How many entries something has that is kept, and how many it may have. */
export interface Usage {
  readonly size: number
  readonly limit: number
}

/** Adds the gauges that show how full everything is that is bounded. @param read by the name of each collection. */
export function addCollectionGauges(registry: Registry, read: () => Promise<Readonly<Record<string, Usage>>>): void {
  const registers = [registry]
  const labelNames = ['collection'] as const
  const limits = new Gauge({
    name: 'stagewatch_collection_limit',
    help: 'How many entries a collection may have.',
    labelNames,
    registers,
  })
  const sizes: Gauge<'collection'> = new Gauge({
    name: 'stagewatch_collection_size',
    help: 'How many entries a collection has; of those that each site has, the largest.',
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
