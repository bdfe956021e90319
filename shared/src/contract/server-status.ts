import { z } from 'zod'

/**
 * What a check of the installation found. A page has a text for each code; for those in `problemFindings`, it also says
 * what to do.
 */
const goodFindings = [
  'database_answers',
  'clock_right',
  'settings_safe',
  'directory_private',
  'disk_enough',
  'disk_lasts',
  'disk_lasts_days',
  'disk_elsewhere',
  'disk_unforeseen',
  'tables_match',
  'rebuild_none',
  'engine_matches',
  'quarantine_empty',
  'sources_report',
  'calendars_complete',
  'rows_secured',
  'proxies_trusted',
  'pages_complete',
  'channels_deliver',
  'secrets_sealed',
  'screens_supported',
  'transactions_none',
  'backups_recent',
  'backups_unscheduled',
  'archives_off',
  'archives_waiting',
  'archives_recent',
  'tasks_succeed',
] as const

export const problemFindings = [
  'clock_differs',
  'clock_was_set',
  'settings_unsafe',
  'directory_shared',
  'disk_scarce',
  'disk_full_soon',
  'tables_differ',
  'rebuild_pending',
  'engine_differs',
  'quarantine_filled',
  'sources_late',
  'calendars_incomplete',
  'rows_unsecured',
  'proxies_untrusted',
  'pages_incomplete',
  'channels_failing',
  'secrets_unsealed',
  'secrets_unreadable',
  'screens_outdated',
  'transactions_foreign',
  'transaction_open',
  'backups_none',
  'backups_old',
  'archives_failing',
  'archives_late',
  'tasks_failing',
] as const

export const findings = [...goodFindings, ...problemFindings] as const

/** Maximum number of names in a finding. */
export const maxFindingNames = 10

/** The finding of one check, with the values that its text contains. */
export const statusCheck = z.object({
  finding: z.enum(findings),
  ok: z.boolean(),
  /** How many there are of what the finding is about. */
  count: z.int().nonnegative().optional(),
  /** Of how many. */
  total: z.int().nonnegative().optional(),
  /** A duration, ms. */
  ms: z.number().nonnegative().optional(),
  bytes: z.number().nonnegative().optional(),
  /** Codes of sources or calendars, or names of background tasks, settings, channels, webhooks or screens. */
  names: z.array(z.string()).max(maxFindingNames).optional(),
})
export type StatusCheck = z.infer<typeof statusCheck>

/** What an overloaded server gives up, first to go first. */
export const shedWork = ['exports', 'history', 'boards', 'slowBoards', 'orders', 'sockets', 'reads', 'events'] as const
export type ShedWork = (typeof shedWork)[number]

const count = z.int().nonnegative()

/** Pending and failed jobs of the site in a queue; all server instances take jobs from the same queues. */
const queueStatus = z.object({
  queue: z.string(),
  waiting: count,
  /** How long the oldest job has been due, ms; undefined if no job is due. A failed attempt postpones a job. */
  overdueMs: z.number().nonnegative().optional(),
  /** Jobs that failed for good within the last 30 days. */
  dead: count,
})

/** Recurring work of the server instance that answers. Errors may name other sites, so they are only in its log. */
const taskStatus = z.object({
  name: z.string(),
  /** `one`: runs on one server instance at a time, and has a last run only where it ran. */
  instances: z.enum(['all', 'one']),
  /** Epoch ms. Undefined: it has not run on this server instance yet. */
  lastRunAt: z.number().optional(),
  lastDurationMs: z.number().nonnegative().optional(),
  /** Failed runs since the server instance was started. */
  failureCount: count,
  isFailing: z.boolean(),
})
export type TaskStatus = z.infer<typeof taskStatus>

/**
 * Response of `GET /api/v1/admin/status`: the state of the site and of the server instance that answers. Of the whole
 * installation, it contains only versions, sizes and ages: no paths, no accounts, and nothing that names another site.
 */
export const serverStatus = z.object({
  /** Epoch ms. */
  asOf: z.number(),
  /** When the checks were made, epoch ms. They read many orders, so their result is used for a minute or longer. */
  checkedAt: z.number(),
  /** Problems first. */
  checks: z.array(statusCheck),
  server: z.object({
    version: z.string(),
    /** Since this server instance was started, ms. */
    uptimeMs: z.number().nonnegative(),
    load: z.object({
      /** Number of kinds of work that the server gives up because of its load; 0: none. */
      level: count,
      /** The kind that it gave up last. */
      lastShed: z.enum(shedWork).optional(),
      /** Interval between updates of boards while it is longer than usual, ms. */
      reducedMs: z.int().optional(),
      /** How late a timer of the main thread fired, ms. */
      lagMs: z.number().nonnegative(),
      /** How long a new connection waited until it was accepted, ms. */
      acceptMs: z.number().nonnegative(),
      /** Requests or statements that wait for an answer, whichever are more. */
      waiting: count,
      /** Used share of the memory that the process may have, 0..1. */
      memoryRatio: z.number().nonnegative(),
    }),
  }),
  /** All server instances of the installation that run, the longest running first. */
  instances: z
    .array(
      z.object({
        version: z.string(),
        /** Epoch ms. */
        startedAt: z.number(),
        /** Whether it is the one that answers. */
        isAnswering: z.boolean(),
      }),
    )
    .default([]),
  database: z.object({
    kind: z.enum(['embedded', 'postgresql']),
    version: z.string(),
    /** Size of the database with all sites. */
    bytes: z.number().nonnegative(),
    /** Free space on its disk. Undefined: it is on another machine. */
    freeBytes: z.number().nonnegative().optional(),
    /**
     * Days until the disk is full if as many events arrive as in the last four weeks. Undefined if this is more than a
     * year, or unknown.
     */
    fullInDays: count.optional(),
  }),
  log: z.object({
    /** Events of the site that are not yet durable. */
    waitingEvents: count,
    /** How long events of other server instances have been held back by an open transaction, ms; 0 if none are. */
    heldMs: z.number().nonnegative(),
    /** The figures of this server instance are from this instant, epoch ms. Undefined: they are current. */
    dataAsOf: z.number().optional(),
  }),
  /** Paired screens of the site, and those that are connected to any server instance. */
  screens: z.object({ paired: count, online: count }),
  backup: z.object({
    /** Time of day of the daily backup, `HH:MM` in the time zone of the server. Undefined: the server makes none. */
    dailyAt: z.string().optional(),
    newest: z.object({ completedAt: z.number(), bytes: z.number().nonnegative() }).optional(),
  }),
  queues: z.array(queueStatus),
  /** Failing ones first. */
  tasks: z.array(taskStatus),
})
export type ServerStatus = z.infer<typeof serverStatus>
