import type { SiteRegistry } from './site-registry.ts'
import { mainSite, sampleSite } from './site.ts'

/** The site that is shown to who names none: the real one as soon as it has orders, until then the sample. */
export async function defaultSite(sites: SiteRegistry): Promise<string> {
  const pipelines = await sites.list()
  const main = pipelines.find(({ site }) => site.code === mainSite)
  const sample = pipelines.some(({ site }) => site.code === sampleSite)
  return main?.engine.orderCount === 0 && sample ? sampleSite : mainSite
}
