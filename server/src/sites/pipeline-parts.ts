import { DepartmentViews, maxViews } from '../boards/department-views.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { SiteView } from '../boards/site-view.ts'
import type { SiteViewOptions } from '../boards/site-view.ts'
import { SiteCatalog } from '../rules/site-catalog.ts'
import { maxSources } from '../ingest/sources/source-registry.ts'
import type { SourceRegistry } from '../ingest/sources/source-registry.ts'
import { SiteSources } from '../ingest/sources/site-sources.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { maxVisits } from '../boards/memory-limit.ts'
import { ProcessDrafts } from '../rules/process-drafts.ts'
import { SiteDepartments } from '../rules/site-departments.ts'
import { SitePrivacy } from '../rules/site-privacy.ts'
import { SiteRetention } from '../rules/site-retention.ts'
import { SiteTranslations } from '../rules/site-translations.ts'
import { ShownViews } from './shown-views.ts'
import { StageHoursCapture } from '../boards/stage-hours-capture.ts'

/** Components of a pipeline. */
export interface PipelineParts {
  readonly catalog: SiteCatalog
  readonly privacy: SitePrivacy
  readonly retention: SiteRetention
  readonly departments: SiteDepartments
  readonly translations: SiteTranslations
  readonly drafts: ProcessDrafts
  readonly shown: ShownViews
  readonly sources: SiteSources
  readonly stageHours: StageHoursCapture
}

/** Creates the components of a pipeline. */
export async function openParts(options: PipelineOptions, position: () => string): Promise<PipelineParts> {
  const { database, site, clock, deltas, observer, failed } = options
  const sources = new SiteSources(database, site.code, clock)
  const departments = new SiteDepartments(database, site.code, clock)
  const translations = new SiteTranslations(database, site.code, clock, departments)
  const catalog = await SiteCatalog.open(database, site.code, clock)
  const viewOptions: SiteViewOptions = {
    site,
    clock,
    database,
    maxVisits: options.maxVisits ?? maxVisits,
    sourcesAt: (now) => ({
      ...sources.registry.overview(now),
      lateSourceOf: (stage) => sources.registry.lateSourceOf(stage.definition.code, now),
      isMissing: (stage, hourAt) => stageHours.isMissing(stage, hourAt),
    }),
    defaultProcess: () => catalog.defaultProcess,
    isKnown: (process) => catalog.isKnown(process),
    departmentTexts: () => departments.texts,
    translationsOf: (texts) => translations.of(texts),
    position,
    deltas,
    dataAsOf: options.dataAsOf,
    cadence: options.cadence,
    built: (elapsedMs) => observer?.boardBuilt(site.code, elapsedMs),
    failed,
  }
  const whole = new SiteView({ ...viewOptions, changed: () => options.changed?.(site.code) }, undefined)
  const stageHours = new StageHoursCapture(database, site.code, whole.engine)
  const departmentViews = new DepartmentViews(viewOptions, catalog)
  catalog.subscribe(whole)
  catalog.subscribe(departmentViews)
  const shown = new ShownViews(options, whole, departmentViews)
  const privacy = new SitePrivacy(database, site.code, clock)
  const retention = new SiteRetention(database, site.code, clock)
  const drafts = new ProcessDrafts(database, site.code, clock)
  return { catalog, privacy, retention, departments, translations, drafts, shown, sources, stageHours }
}

/** Fill level of the site's in-memory state, by name. */
export function usageOf(sources: SourceRegistry, views: DepartmentViews, { ended }: LiveEngine) {
  return {
    ...ended.usage,
    sources: { size: sources.size, limit: maxSources },
    department_views: { size: views.size, limit: maxViews },
  }
}
