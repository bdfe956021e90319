import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { Actor } from '../access/actor.ts'
import type { ExpectedVersion, SaveOptions } from '../platform/edit-version.ts'
import type { ProcessDrafts } from './process-drafts.ts'
import type { CalendarChoice } from './site-calendars.ts'
import type { SiteCatalog } from './site-catalog.ts'
import type { SitePrivacy } from './site-privacy.ts'
import type { SiteTranslations } from './site-translations.ts'

/** The rules of one site, and the changes that orders, screens and figures follow at once. */
export interface RuleService {
  readonly catalog: SiteCatalog
  readonly privacy: SitePrivacy
  readonly translations: SiteTranslations
  readonly drafts: ProcessDrafts
  saveProcess(definition: ProcessDefinition, actor: Actor, ...options: SaveOptions): Promise<void>
  /**
   * Releases a draft of the catalog, or rolls a process back, while no events are being folded.
   * @param change says whether orders that are there fold otherwise now.
   */
  changeProcess(change: (catalog: SiteCatalog) => Promise<boolean>): Promise<void>
  /** Those of the stages of a process in which orders have been. */
  visitedStages(process: string, stages: ReadonlySet<string>): Promise<ReadonlySet<string>>
  saveCalendar(definition: CalendarDefinition, actor: Actor, expected?: ExpectedVersion): Promise<void>
  chooseCalendars(choice: CalendarChoice, actor: Actor, expected?: ExpectedVersion): Promise<void>
  /** The instants between which working time is asked for, epoch ms, `to` not included. */
  calendarSpan(): { readonly from: number; readonly to: number }
}

/** What the routes of rules are handed. */
export interface RuleRouteOptions {
  readonly sites: {
    /** @throws AppError `not_found`. */
    get(code: string): Promise<RuleService>
  }
}
