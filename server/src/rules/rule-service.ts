import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { Actor } from '../access/actor.ts'
import type { ExpectedVersion, SaveOptions } from '../platform/edit-version.ts'
import type { ProcessDrafts } from './process-drafts.ts'
import type { CalendarChoice } from './site-calendars.ts'
import type { SiteCatalog } from './site-catalog.ts'
import type { SitePrivacy } from './site-privacy.ts'
import type { SiteRetention } from './site-retention.ts'
import type { SiteDepartments } from './site-departments.ts'
import type { SiteTranslations } from './site-translations.ts'

/** The rules of one site, and changes that orders, screens and figures reflect at once. */
export interface RuleService {
  readonly catalog: SiteCatalog
  readonly privacy: SitePrivacy
  readonly retention: SiteRetention
  readonly departments: SiteDepartments
  readonly translations: SiteTranslations
  readonly drafts: ProcessDrafts
  saveProcess(definition: ProcessDefinition, actor: Actor, ...options: SaveOptions): Promise<void>
  /**
   * Releases a draft of the catalog, or rolls a process back, while no events are being folded.
   * @param change returns whether existing orders fold differently now.
   */
  changeProcess(change: (catalog: SiteCatalog) => Promise<boolean>): Promise<void>
  /** Those of the stages of a process that orders have visited. */
  visitedStages(process: string, stages: ReadonlySet<string>): Promise<ReadonlySet<string>>
  saveCalendar(definition: CalendarDefinition, actor: Actor, expected?: ExpectedVersion): Promise<void>
  chooseCalendars(choice: CalendarChoice, actor: Actor, expected?: ExpectedVersion): Promise<void>
  /** The span for which working time is computed, epoch ms, `to` exclusive. */
  calendarSpan(): { readonly from: number; readonly to: number }
}

/** Dependencies of the routes of rules. */
export interface RuleRouteOptions {
  readonly sites: {
    /** @throws AppError `not_found`. */
    get(code: string): Promise<RuleService>
  }
}
