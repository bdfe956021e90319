import { changesRoutes } from './access/changes-routes.ts'
import { keyRoutes } from './access/key-routes.ts'
import { alertRoutes } from './alerts/alert-routes.ts'
import { approvalRoutes } from './approvals/approval-routes.ts'
import { approvalLinkRoutes } from './approvals/link-routes.ts'
import { analysisRoutes } from './analysis/analysis-routes.ts'
import { compareRoutes } from './analysis/compare-routes.ts'
import { pathsRoutes } from './analysis/paths-routes.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { backupRoutes } from './backup/backup-routes.ts'
import { channelRoutes } from './channels/channel-routes.ts'
import { inboxRoutes } from './channels/inbox-routes.ts'
import { erasureRoutes } from './erasure/erasure-routes.ts'
import { exportRoutes } from './export/export-routes.ts'
import { webhookRoutes } from './connections/webhook-routes.ts'
import { handoverRoutes } from './handover/handover-routes.ts'
import { customerNewsRoutes } from './order-news/customer-news-routes.ts'
import { followRoutes } from './order-news/follow-routes.ts'
import { textRoutes } from './order-news/text-routes.ts'
import { unsubscribeRoutes } from './order-news/unsubscribe-routes.ts'
import { authRoutes } from './identity/auth-routes.ts'
import { entryRoutes } from './identity/entry-routes.ts'
import { invitationRoutes } from './identity/invitation-routes.ts'
import { meRoutes } from './identity/me-routes.ts'
import { peopleRoutes } from './identity/people-routes.ts'
import { profileRoutes } from './identity/profile-routes.ts'
import { eventRoutes } from './ingest/event-routes.ts'
import { importRoutes } from './ingest/imports/import-routes.ts'
import { mappingRoutes } from './ingest/imports/mapping-routes.ts'
import { quarantineRoutes } from './ingest/quarantine/quarantine-routes.ts'
import { sourceRoutes } from './ingest/sources/source-routes.ts'
import { uploadRoutes } from './ingest/imports/upload-routes.ts'
import { boardRoutes } from './live/board-routes.ts'
import { docsRoutes } from './ops/docs-routes.ts'
import { healthRoutes } from './ops/health-routes.ts'
import { maintenanceRoutes } from './ops/maintenance-routes.ts'
import { orderActionRoutes } from './order-actions/order-action-routes.ts'
import { dryRunRoutes } from './query/dry-run-routes.ts'
import { orderRoutes } from './query/order-routes.ts'
import { statisticsRoutes } from './query/statistics-routes.ts'
import { calendarRoutes } from './rules/calendar-routes.ts'
import { alertRulesSection } from './alerts/configured-alert-rules.ts'
import { messageTextsSection } from './channels/configured-texts.ts'
import { handoversSection } from './handover/configured-handovers.ts'
import { customerNewsSection } from './order-news/configured-news.ts'
import { taskRulesSection } from './tasks/configured-task-rules.ts'
import { configRoutes } from './rules/config-routes.ts'
import { draftRoutes } from './rules/draft-routes.ts'
import { retentionRoutes } from './retention/retention-routes.ts'
import { archiveCheck } from './retention/verify-archives.ts'
import { privacyRoutes } from './rules/privacy-routes.ts'
import { processRoutes } from './rules/process-routes.ts'
import { translationRoutes } from './rules/translation-routes.ts'
import { savedViewRoutes } from './saved-views/saved-view-routes.ts'
import { basicWallRoutes } from './screens/basic-wall-routes.ts'
import { pairingRoutes } from './screens/pairing-routes.ts'
import { screenRoutes } from './screens/screen-routes.ts'
import { taskRoutes } from './tasks/task-routes.ts'
import { siteRoutes } from './sites/site-routes.ts'
import { departmentRoutes } from './team/department-routes.ts'
import { teamRoutes } from './team/team-routes.ts'
import { templateRoutes } from './templates/template-routes.ts'
import type { AccessRules } from './access/caller.ts'
import type { TypedApp } from './platform/http/typed-app.ts'
import type { Services } from './services.ts'

export interface RouteContext extends Services {
  readonly access: AccessRules
  /** URL under which people reach the server. */
  readonly publicUrl: string | undefined
  /** See `commandSettings`. */
  readonly commandSettings: string
  /** See `clientBuild`. */
  readonly build: string
  /** Whether this server instance has caught up and can answer requests. */
  readonly isReady: () => boolean
}

/** The API by area: each folder owns its routes and declares which parts of the context it needs. */
export async function registerRoutes(http: TypedApp, context: RouteContext): Promise<void> {
  await registerOperation(http, context)
  await registerPeople(http, context)
  await registerSite(http, context)
  await registerIntake(http, context)
  await registerProcesses(http, context)
  await registerOrders(http, context)
  await registerMessages(http, context)
  await registerScreens(http, context)
}

async function registerOperation(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(healthRoutes, context)
  await http.register(maintenanceRoutes, context)
  await http.register(backupRoutes, context)
  await http.register(auditRoutes, { ...context, archives: archiveCheck(context.archiver.directory) })
  await http.register(exportRoutes, context)
  await http.register(docsRoutes)
}

async function registerPeople(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(authRoutes, context)
  await http.register(entryRoutes, context)
  await http.register(meRoutes, context)
  await http.register(profileRoutes, context)
  await http.register(peopleRoutes, context)
  await http.register(invitationRoutes, context)
  await http.register(keyRoutes, context)
  await http.register(changesRoutes, context)
}

/** The parts of the configuration of a site that do not belong to the rules by which orders are measured. */
const configSections = [alertRulesSection, messageTextsSection, customerNewsSection, taskRulesSection, handoversSection]

async function registerSite(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(siteRoutes, context)
  await http.register(privacyRoutes, context)
  await http.register(erasureRoutes, context)
  await http.register(retentionRoutes, context)
  await http.register(translationRoutes, context)
  await http.register(configRoutes, { ...context, sections: configSections })
  await http.register(departmentRoutes, context)
  await http.register(teamRoutes, context)
}

async function registerIntake(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(eventRoutes, context)
  await http.register(sourceRoutes, context)
  await http.register(quarantineRoutes, context)
  await http.register(importRoutes, context)
  await http.register(uploadRoutes, context)
  await http.register(mappingRoutes, context)
}

async function registerProcesses(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(processRoutes, context)
  await http.register(draftRoutes, context)
  await http.register(calendarRoutes, context)
  await http.register(templateRoutes, context)
  await http.register(dryRunRoutes, context)
}

async function registerOrders(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(boardRoutes, context)
  await http.register(orderRoutes, context)
  await http.register(orderActionRoutes, context)
  await http.register(savedViewRoutes, context)
  await http.register(statisticsRoutes, context)
  await http.register(analysisRoutes, context)
  await http.register(pathsRoutes, context)
  await http.register(compareRoutes, context)
}

async function registerMessages(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(alertRoutes, context)
  await http.register(approvalRoutes, context)
  await http.register(approvalLinkRoutes, context)
  await http.register(taskRoutes, context)
  await http.register(handoverRoutes, context)
  await http.register(followRoutes, context)
  await http.register(customerNewsRoutes, context)
  await http.register(unsubscribeRoutes, context)
  await http.register(textRoutes, context)
  await http.register(channelRoutes, context)
  await http.register(inboxRoutes, context)
  await http.register(webhookRoutes, context)
}

async function registerScreens(http: TypedApp, context: RouteContext): Promise<void> {
  await http.register(pairingRoutes, context)
  await http.register(screenRoutes, context)
  await http.register(basicWallRoutes, context)
}
