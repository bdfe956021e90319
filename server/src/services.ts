import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import { ApiKeys } from './access/api-keys.ts'
import type { Caller } from './access/caller.ts'
import { Alerts } from './alerts/alerts.ts'
import type { BackupSchedule } from './backup/scheduled-backups.ts'
import { importRestorer } from './retention/restore-imported.ts'
import type { RestoreImported } from './ingest/batches/undo-import.ts'
import { ArchiveRunner } from './retention/archive-runner.ts'
import { Approvals } from './approvals/approvals.ts'
import { renewedApprovalLink } from './approvals/tell-deciders.ts'
import { messageJobs } from './channels/deliver-message.ts'
import type { MessageDelivery } from './channels/deliver-message.ts'
import { loadInbox } from './channels/inbox.ts'
import { Channels } from './channels/manage-channels.ts'
import { tokenPaths } from './channels/link-tokens.ts'
import type { LinkRenewals } from './channels/link-tokens.ts'
import { announceTransitions } from './connections/announce-transitions.ts'
import { webhookQueue } from './connections/deliver-webhook.ts'
import { Webhooks } from './connections/manage-webhooks.ts'
import { ScanPool } from './engine/scans/scan-pool.ts'
import { Handovers } from './handover/handovers.ts'
import { OrderNews } from './order-news/order-news.ts'
import { renewedStopLink } from './order-news/send-customer-mail.ts'
import { Identity } from './identity/identity.ts'
import type { IdentitySettings } from './identity/identity-settings.ts'
import { ImportJobs } from './ingest/imports/import-jobs.ts'
import { UploadFiles } from './ingest/imports/upload-files.ts'
import { Uploads } from './ingest/imports/uploads.ts'
import { BoardRooms } from './live/board-rooms.ts'
import { LiveQueries } from './live/live-queries.ts'
import type { LiveQueryContext, TaskQuestion } from './live/live-query-kinds.ts'
import { InDoubtTransactions } from './log/log-follower.ts'
import { BackgroundTasks } from './platform/background-tasks.ts'
import { ClockSteps } from './platform/clock/clock-steps.ts'
import type { Clock } from './platform/clock/clock.ts'
import type { Usage } from './platform/collection-gauges.ts'
import { CachedAnswers } from './platform/load/cached-answers.ts'
import { LoadMonitor } from './platform/load/load-monitor.ts'
import { JobWorker } from './platform/jobs.ts'
import { Attempts } from './platform/rate-limits/attempts.ts'
import { SecretKeys } from './platform/secret-keys.ts'
import type { Tracer } from './platform/tracing/active-span.ts'
import { DryRunLimiter } from './query/dry-run-limiter.ts'
import { FileLimiter } from './query/file-limiter.ts'
import { OlderOrders } from './query/older-orders.ts'
import { QueryLimiter } from './query/query-limiter.ts'
import { createScreenContext } from './screens/screen-context.ts'
import type { ScreenContext } from './screens/screen-context.ts'
import type { PipelineObserver } from './sites/pipeline-options.ts'
import { defaultSite, SiteRegistry } from './sites/site-registry.ts'
import { SampleEngines } from './templates/sample-engines.ts'
import { tasksOfAlerts } from './tasks/create-task.ts'
import { listTasks } from './tasks/list-tasks.ts'
import { TeamTasks } from './tasks/team-tasks.ts'
import { TransitionWatch } from './transitions/transition-watch.ts'

export interface ServiceOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** Traces requests and background tasks. Undefined: nothing is traced. */
  readonly tracer?: Tracer | undefined
  /** Identifies this server instance in the log. */
  readonly origin?: string
  /** Sign-in settings; by default, passwords only. */
  readonly identity?: IdentitySettings
  /** See `Board`. */
  readonly dataAsOf?: () => number | undefined
  readonly observer?: PipelineObserver
  /** Measures the load, and decides what is given up under too much of it. By default, nothing is. */
  readonly load?: LoadMonitor
  /** Backups that the server makes by itself. Undefined: none. */
  readonly backups?: BackupSchedule | undefined
  /** Keys that encrypt stored secrets; by default there are none. */
  readonly secretKeys?: SecretKeys
  /** Webhooks and channels may send requests to private networks. */
  readonly allowsPrivateWebhooks?: boolean
  /** See `PipelineOptions`. */
  readonly maxVisits?: number
  /** Folder of archives; by default, a temporary one. */
  readonly archiveDirectory?: string
  /** Folder and maximum size of uploaded files; by default, uploads are impossible. */
  readonly uploads?: { readonly directory: string; readonly maxBytes: number }
  /** See `PipelineOptions`. */
  readonly showsOrders?: boolean
}

/** Shared dependencies of the routes, sockets and background tasks of one server instance. */
export interface Services {
  readonly database: Database
  readonly clock: Clock
  readonly clockSteps: ClockSteps
  readonly load: LoadMonitor
  /** Answers that an overloaded server gives again. */
  readonly answers: CachedAnswers
  readonly backups: BackupSchedule | undefined
  readonly origin: string
  readonly inDoubtTransactions: InDoubtTransactions
  readonly attempts: Attempts
  readonly tasks: BackgroundTasks
  readonly sites: SiteRegistry
  /** The boards that are shown to connected callers. */
  readonly rooms: BoardRooms
  /** The live queries of desk pages. */
  readonly queries: LiveQueries
  readonly scans: ScanPool
  readonly questions: QueryLimiter
  readonly olderOrders: OlderOrders
  readonly dryRuns: DryRunLimiter
  readonly files: FileLimiter
  readonly samples: SampleEngines
  readonly keys: ApiKeys
  readonly identity: Identity
  readonly screens: ScreenContext
  /** Uploaded files to be imported. */
  readonly uploads: Uploads
  /** Archives the events of ended orders. */
  readonly archiver: ArchiveRunner
  readonly restoreImported: RestoreImported
  readonly linkRenewals: LinkRenewals
  readonly transitions: TransitionWatch
  readonly webhooks: Webhooks
  /** Sends the messages of webhooks. */
  readonly deliveries: JobWorker
  readonly secrets: SecretKeys
  readonly allowsPrivate: boolean
  readonly channels: Channels
  readonly delivery: MessageDelivery
  /** Sends messages to people. */
  readonly messages: JobWorker
  readonly inbox: (site: string, person: string) => ReturnType<typeof loadInbox>
  readonly alerts: Alerts
  readonly approvals: Approvals
  /** What people are to do. */
  readonly teamTasks: TeamTasks
  readonly taskBoard: LiveQueryContext['taskBoard']
  readonly handovers: Handovers
  readonly orderNews: OrderNews
  /** See `AnswerContext`. */
  readonly numbersAt: () => number
  /** Called when permissions have changed: every caller is looked up again. */
  expireCallers(): void
  /** Usage of all bounded collections, by name. */
  usage(): Readonly<Record<string, Usage>>
}

export interface OpenServices extends Services {
  readonly close: () => Promise<void>
}

/** Opens all sites, and builds the services on them. */
export async function openServices(options: ServiceOptions): Promise<OpenServices> {
  const { database, clock, logger } = options
  const origin = options.origin ?? randomBytes(8).toString('hex')
  const failed = (error: unknown) => logger.error({ err: error }, 'a background task failed')
  const load = options.load ?? new LoadMonitor({ logger, fixedLevel: () => 0 })
  const answers = new CachedAnswers()
  const inDoubtTransactions = new InDoubtTransactions()
  const rooms = new BoardRooms()
  // The first sites are opened before these watchers exist; their contents are evaluated as a whole afterwards.
  const watching: { transitions?: TransitionWatch; queries?: LiveQueries } = {}
  const sites = await SiteRegistry.open({
    database,
    clock,
    origin,
    // Nobody follows the log of an embedded database.
    ...(database.kind === 'postgresql' && { inDoubtTransactions }),
    deltas: rooms,
    statusChanged: (site, edges) => watching.transitions?.queueEdges(site, edges),
    changed: (site) => watching.queries?.invalidate(site),
    observer: options.observer,
    dataAsOf: options.dataAsOf,
    cadence: load,
    failed,
    maxVisits: options.maxVisits,
    showsOrders: options.showsOrders,
  })
  const transitions = new TransitionWatch({
    database,
    clock,
    sites,
    react: (tx, site, changed) => announceTransitions(tx, site, changed, clock.now()),
  })
  const clockSteps = new ClockSteps(clock, ({ byMs }) =>
    logger.warn(
      { byMs },
      'the clock of this machine was changed, or the machine was suspended: the server continues with the new time',
    ),
  )
  const keys = new ApiKeys(database, clock)
  const settings = options.identity ?? {}
  const attempts = new Attempts(database, clock)
  const identity = new Identity({ database, clock, attempts, logger, settings, defaultSite: () => defaultSite(sites) })
  const screens = createScreenContext(database, clock)
  const allowsPrivate = options.allowsPrivateWebhooks ?? false
  const secrets = options.secretKeys ?? new SecretKeys({})
  const delivery: MessageDelivery = {
    database,
    clock,
    secrets,
    allowsPrivate,
    mailServer: settings.mail,
    publicUrl: () => settings.publicUrl ?? identity.url,
  }
  const { directory = join(tmpdir(), `stagewatch-${origin}`), maxBytes = 0 } = options.uploads ?? {}
  const jobs = new ImportJobs({ clock, failed })
  const archiveDirectory = options.archiveDirectory ?? join(tmpdir(), `stagewatch-archives-${origin}`)
  const archiver = new ArchiveRunner({ database, clock, origin, directory: archiveDirectory, failed })
  const restoreImported = importRestorer({ database, clock, sites, directory: archiveDirectory })
  const uploads = new Uploads(
    { database, clock, origin, sites, files: new UploadFiles(directory), jobs, restoreImported },
    maxBytes,
  )
  const scans = new ScanPool()
  const questions = new QueryLimiter()
  const dryRuns = new DryRunLimiter()
  const files = new FileLimiter()
  const answering = {
    database,
    clock,
    sites,
    questions,
    olderOrders: new OlderOrders(database, questions),
    uploads,
    inbox: (site: string, person: string) => loadInbox(database, site, person),
    taskBoard: (caller: Caller, query: TaskQuestion) => listTasks({ database, clock, sites }, caller, query),
    numbersAt: () => options.dataAsOf?.() ?? clock.now(),
  }
  const queries = new LiveQueries({
    ...answering,
    rooms,
    load,
    dataAsOf: () => options.dataAsOf?.(),
    failed: (error) => logger.error({ err: error }, 'a live query could not be answered'),
  })
  watching.transitions = transitions
  watching.queries = queries
  return {
    ...answering,
    clockSteps,
    load,
    answers,
    backups: options.backups,
    archiver,
    restoreImported,
    origin,
    inDoubtTransactions,
    attempts,
    tasks: new BackgroundTasks({ database, clock, origin, logger, tracer: options.tracer }),
    rooms,
    queries,
    scans,
    dryRuns,
    files,
    samples: new SampleEngines(),
    keys,
    identity,
    screens,
    transitions,
    webhooks: new Webhooks({ database, clock, secrets, allowsPrivate }),
    deliveries: new JobWorker(database, clock, webhookQueue({ database, clock, secrets, allowsPrivate })),
    secrets,
    allowsPrivate,
    channels: new Channels({ database, clock, secrets, allowsPrivate }),
    delivery,
    messages: new JobWorker(database, clock, messageJobs(delivery)),
    linkRenewals: {
      [tokenPaths.approval]: (_tx, { message }) => renewedApprovalLink(message),
      [tokenPaths.stop]: (tx, { site, id, now }) => renewedStopLink(tx, site, id, now),
    },
    approvals: new Approvals({ database, clock, sites }),
    alerts: new Alerts({ database, clock, sites, reaction: tasksOfAlerts }),
    teamTasks: new TeamTasks({ database, clock, sites }),
    handovers: new Handovers({ database, clock, sites }),
    orderNews: new OrderNews({ database, clock, sites }),
    expireCallers() {
      answers.clear()
      keys.expire()
      identity.sessions.forget()
      screens.tokens.expire()
    },
    usage: () => ({
      questions: questions.usage,
      answers: answers.usage,
      dry_runs: dryRuns.usage,
      order_files: files.usage,
      scan_stores: scans.usage,
      import_jobs: jobs.usage,
      api_keys: keys.usage,
      sessions: identity.sessions.usage,
      screen_tokens: screens.tokens.usage,
    }),
    async close() {
      clockSteps.close()
      await archiver.close()
      load.close()
      await jobs.close()
      await scans.close()
      await sites.close()
    },
  }
}
