import { DepartmentViews } from './board/department-views.ts'
import { SiteView } from './board/site-view.ts'
import type { SiteViewOptions } from './board/site-view.ts'
import { SiteCatalog } from './catalog/site-catalog.ts'
import type { CatalogListener } from './catalog/site-catalog.ts'
import { SiteSources } from './ingest/site-sources.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { mostVisits } from './query/memory-limit.ts'
import { SitePrivacy } from './sites/site-privacy.ts'
import { HourlySnapshots } from './snapshot/hourly-snapshots.ts'

/** What a pipeline consists of. */
export interface PipelineParts {
  readonly catalog: SiteCatalog
  readonly privacy: SitePrivacy
  readonly whole: SiteView
  readonly parts: DepartmentViews
  readonly sources: SiteSources
  readonly snapshots: HourlySnapshots
}

/** Puts the parts of a pipeline together. The views hear of the rules while the catalogue is still being read. */
export async function openParts(options: PipelineOptions, position: () => string): Promise<PipelineParts> {
  const { database, site, clock, send, observer } = options
  const sources = new SiteSources(database, site.code)
  const opening: { catalog?: SiteCatalog } = {}
  const catalogNow = (): SiteCatalog => {
    if (opening.catalog === undefined) throw new Error('the catalogue is still being read')
    return opening.catalog
  }
  const viewOptions: SiteViewOptions = {
    site,
    clock,
    database,
    mostVisits: options.mostVisits ?? mostVisits,
    sourcesAt: (now) => ({
      sources: sources.book.freshness(now),
      lateSourceOf: (stage) => sources.book.lateSourceOf(stage.definition.code, now),
      isMissing: (stage, hourAt) => snapshots.isMissing(stage, hourAt),
    }),
    defaultProcess: () => catalogNow().defaultProcess,
    isKnown: (process) => catalogNow().isKnown(process),
    position,
    send,
    built: (elapsedMs) => observer?.boardBuilt(site.code, elapsedMs),
  }
  const whole = new SiteView(viewOptions, undefined)
  const snapshots = new HourlySnapshots(database, site.code, whole.engine)
  const parts = new DepartmentViews(viewOptions, catalogNow)
  const listener: CatalogListener = {
    process(history) {
      for (const view of [whole, ...parts]) view.process(history)
    },
    calendars(definitions, choice) {
      for (const view of [whole, ...parts]) view.calendars(definitions, choice)
    },
  }
  const catalog = await SiteCatalog.open(database, site.code, clock, listener)
  opening.catalog = catalog
  return { catalog, privacy: new SitePrivacy(database, site.code, clock), whole, parts, sources, snapshots }
}
