import { z } from 'zod'
import { answerLine } from './answer-lines.ts'
import { processDefinition } from './process.ts'

const count = z.int().nonnegative()

/** Maximum number of days that a dry run looks back. */
const maxDryRunDays = 366

export const maxDryRunExamples = 20

/** Request body of `POST /api/v1/admin/processes/{code}/dry-run`: compares the live process with this definition. */
export const dryRunRequest = z.strictObject({
  definition: processDefinition,
  /** Visits that ended within this number of days, and open orders, are evaluated by both definitions. */
  days: z.int().min(1).max(maxDryRunDays).default(30),
  /**
   * From when it would apply, as in `processReleaseRequest`. Undefined: it corrects the version that is in force now.
   */
  validFrom: z.int().optional(),
  /**
   * True: all visits of the days are evaluated by the definition, whatever version was in force when they began. False:
   * they are evaluated as they would be after the release. Both are the same while the process has had one version.
   */
  wholePeriod: z.boolean().default(false),
  /**
   * Code of a template: its sample is evaluated instead of the site's own orders, by the template and by the
   * definition. Only calendars of the template apply.
   */
  sample: z.string().max(200).optional(),
})

const dryRunSide = z.object({
  /** Number of visits that ended within the days and passed their limit. */
  breaches: count,
  /** Number of currently open orders with each status. */
  overdue: count,
  atRisk: count,
  stalled: count,
})

/** Conditions of an open order other than on track; they can occur in any combination. */
export const dryRunConditions = ['overdue', 'atRisk', 'stalled'] as const

/** Conditions in the order of `dryRunConditions`; empty if the order is on track. */
const conditions = z.array(z.enum(dryRunConditions))

const dryRunStage = z.object({
  stage: z.string(),
  /** Visits that ended within the days, other than by cancellation, and were evaluated by both definitions. */
  visits: count,
  /**
   * Ended visits that are not included in `visits` and `breaches`: the data that the draft needs is not in memory,
   * because the order has ended and was on hold or has changed since.
   */
  unjudged: count,
  /** Percentiles of these visits, working ms by the live calendar, within 0.8 %. Undefined if none ended. */
  p50Ms: z.number().optional(),
  p90Ms: z.number().optional(),
  /** Number of orders currently in the stage. */
  open: count,
  live: dryRunSide,
  draft: dryRunSide,
  /** Number of open orders whose status would change. */
  statusChanges: count,
})

export const dryRunResult = z.object({
  /** Epoch ms, `to` exclusive; `from` is the start of the data in memory if that is later than the requested start. */
  from: z.int(),
  to: z.int(),
  /** Number of orders with at least one evaluated visit. */
  orders: count,
  /**
   * The draft has other terminal stages than the live process. The figures use all orders as they are: the effect on
   * orders that would have ended, and on events quarantined for a stage of the draft, shows only after the release.
   */
  endsOtherwise: z.boolean(),
  /** In the order of the draft, followed by the stages that it no longer has. */
  stages: z.array(dryRunStage),
  total: z.object({
    visits: count,
    unjudged: count,
    open: count,
    live: dryRunSide,
    draft: dryRunSide,
    statusChanges: count,
  }),
  /** Orders whose status would change, most overdue by the draft first; empty if the caller may not read orders. */
  examples: z
    .array(z.object({ order: z.string(), stage: z.string(), live: conditions, draft: conditions }))
    .max(maxDryRunExamples),
})

/** One line of the streamed response. */
export const dryRunLine = answerLine(dryRunResult)

export type DryRunCondition = (typeof dryRunConditions)[number]
export type DryRunRequest = z.infer<typeof dryRunRequest>
export type DryRunStage = z.infer<typeof dryRunStage>
export type DryRunResult = z.infer<typeof dryRunResult>
export type DryRunLine = z.infer<typeof dryRunLine>
