import { z } from 'zod'
import { processDefinition } from './process.ts'

const count = z.int().nonnegative()

/** The most days that a dry run looks back. */
const maxDryRunDays = 366

export const maxDryRunExamples = 20

/** The body of `POST /api/v1/admin/processes/{code}/dry-run`: what would be if the process were like this. */
export const dryRunRequest = z.strictObject({
  definition: processDefinition,
  /** Visits that ended within so many days, and open orders, are judged by both. */
  days: z.int().min(1).max(maxDryRunDays).default(30),
  /** From when it would count, as in `processReleaseRequest`; left out: it corrects the version that is valid now. */
  validFrom: z.int().optional(),
  /**
   * All visits of the days are judged by the definition, whatever version was valid when they began: what would have
   * been. Otherwise as they would be after the release; both are the same while the process has had one version.
   */
  wholePeriod: z.boolean().default(false),
  /**
   * Code of a template: its sample is judged instead of the site's own orders, by the template and by the definition.
   * Only calendars of the template count there.
   */
  sample: z.string().max(200).optional(),
})

const dryRunSide = z.object({
  /** Of the visits that ended within the days: those that passed their limit. */
  breaches: count,
  /** Open orders of now. */
  overdue: count,
  atRisk: count,
  stalled: count,
})

/** What an open order may be besides on track, in any combination. */
export const dryRunConditions = ['overdue', 'atRisk', 'stalled'] as const

/** Of both, in the order of `dryRunConditions`; none: the order is on track. */
const conditions = z.array(z.enum(dryRunConditions))

const dryRunStage = z.object({
  stage: z.string(),
  /** Visits that ended within the days, not by cancellation, and were judged by both. */
  visits: count,
  /**
   * Visits that ended as well and are left out of `visits` and `breaches`: what the draft judges them by is not in
   * memory, because the order has ended and was on hold or has changed since.
   */
  unjudged: count,
  /** How long all of these took, working ms by the live calendar, within 0.8 %; undefined: none ended. */
  p50Ms: z.number().optional(),
  p90Ms: z.number().optional(),
  /** Orders in the stage now. */
  open: count,
  live: dryRunSide,
  draft: dryRunSide,
  /** Open orders whose status would be another one. */
  statusChanges: count,
})

export const dryRunResult = z.object({
  /** Epoch ms, `to` not included; `from` is when memory begins where that is later than the days ask for. */
  from: z.int(),
  to: z.int(),
  /** Orders of which at least one visit was judged. */
  orders: count,
  /**
   * By the draft orders end in other stages than they do now. The figures take all orders as they are: which of them
   * would have ended, and what waits in quarantine for a stage of the draft, shows after the release.
   */
  endsOtherwise: z.boolean(),
  /** In the order of the draft, then those that it no longer has. */
  stages: z.array(dryRunStage),
  total: z.object({
    visits: count,
    unjudged: count,
    open: count,
    live: dryRunSide,
    draft: dryRunSide,
    statusChanges: count,
  }),
  /** Orders whose status would be another one, the most overdue by the draft first; none for who may read no orders. */
  examples: z
    .array(z.object({ order: z.string(), stage: z.string(), live: conditions, draft: conditions }))
    .max(maxDryRunExamples),
})

/**
 * One line of the answer, which is NDJSON: how far it is, and at last the result. Whoever closes the connection stops
 * it. A fault after the first line is a line of its own, in the form of a problem.
 */
export const dryRunLine = z.union([
  z.object({ progress: z.object({ done: count, total: count }) }),
  z.object({ result: dryRunResult }),
  z.object({ problem: z.object({ code: z.string(), message: z.string() }) }),
])

export type DryRunCondition = (typeof dryRunConditions)[number]
export type DryRunRequest = z.infer<typeof dryRunRequest>
export type DryRunStage = z.infer<typeof dryRunStage>
export type DryRunResult = z.infer<typeof dryRunResult>
export type DryRunLine = z.infer<typeof dryRunLine>
