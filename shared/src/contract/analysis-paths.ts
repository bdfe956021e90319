import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './names.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative().optional()

/** Maximum number of variants that are listed individually; the rest is only counted. */
export const maxVariants = 20
/** Maximum number of moves between stages that are listed; rarer ones are only counted. */
export const maxMoves = 400

/**
 * Orders that were completed from `from` up to, not including, `to`. Default: the last 14 days. The answer covers one
 * process: if the query selects several or none, the one with the most visits.
 */
export const pathsQuery = z.strictObject(choice)

const stepKinds = ['next', 'branch', 'return', 'skip', 'rework', 'other'] as const

const pathStage = z.object({
  stage: z.string(),
  name: localText,
  /**
   * Position in the order of the process, from 0. Undefined if the process does not, or no longer, define the stage.
   */
  position: count.optional(),
  /** Entering it completes an order. */
  terminal: z.literal(true).optional(),
  visits: count,
  /** Number of orders that visited the stage; `returned` of them more than once. */
  orders: count,
  returned: count,
  /** Number of orders that began, and that ended, in the stage. */
  begins: count,
  ends: count,
  /** Median of its visits, by the clock of the query. Undefined if no visit counts. */
  p50Ms: durationMs,
  /**
   * Number of orders that skipped the stage although no branch leads around it: completed and open ones. Undefined if
   * the caller may not see the department that is responsible for the stage.
   */
  skipped: count.optional(),
  skippedOpen: count.optional(),
})

const variant = z.object({
  /** Passed as `variant` when querying its orders. */
  id: z.string(),
  /** Codes of the stages in the order in which they were entered. */
  stages: z.array(z.string()),
  orders: count,
  /**
   * Median from placed to signed, natural ms. For callers who see only some departments: the time for which the orders
   * were with those.
   */
  p50LeadMs: z.number(),
  /** The variant skips a stage, goes back where no path leads, or returns too often. */
  deviates: z.boolean(),
})

export const pathsAnswer = z.object({
  process: z.object({ code: z.string(), name: localText }),
  /** All processes that the query could select instead. */
  processes: z.array(z.object({ code: z.string(), name: localText })),
  /** The period, epoch ms; `to` is exclusive. */
  from: z.int(),
  to: z.int(),
  /** Number of completed orders; `deviating` of them deviated from the process. */
  orders: count,
  deviating: count,
  stages: z.array(pathStage),
  /** Moves from one stage to another, most frequent first. */
  moves: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /**
       * `next`: the usual order of the process; `branch`, `return`: allowed by one of its paths; `skip`, `rework`:
       * forwards and backwards where no path allows it; `other`: from or to a stage that the process does not define.
       */
      kind: z.enum(stepKinds),
      moves: count,
      orders: count,
      /** Median from leaving one stage to entering the other, natural ms. */
      p50GapMs: z.number(),
    }),
  ),
  /** Number of moves that are too rare to be listed in `moves`. */
  otherMoves: count,
  /** Sequences of stages that orders passed, most frequent first. */
  variants: z.array(variant),
  /** All other variants; `variants` is undefined if there are more than are counted. */
  otherVariants: z.object({ orders: count, variants: count.optional(), p50LeadMs: durationMs }),
  /** Returns that a path allows up to `maxTimes`, and the number of orders that took one more often. */
  overReturned: z.array(z.object({ from: z.string(), to: z.string(), maxTimes: count, orders: count })),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type PathsAnswer = z.infer<typeof pathsAnswer>
export type PathVariant = PathsAnswer['variants'][number]

/** Selects the orders by exactly one of `variant`, `skipped`, `returned` and `move`. */
export const pathOrdersQuery = z.strictObject({
  ...choice,
  /** Orders of this variant. */
  variant: z.string().max(64).optional(),
  /** Orders that skipped the stage. */
  skipped: z.string().max(200).optional(),
  /** Orders that visited the stage more than once. */
  returned: z.string().max(200).optional(),
  /** Orders that moved from one stage to another; both codes are required. */
  moveFrom: z.string().max(200).optional(),
  moveTo: z.string().max(200).optional(),
  /** For `skipped`: orders completed in the period, or orders that are open now. */
  status: z.enum(['completed', 'open']).default('completed'),
  /** Number of rows to skip. */
  offset: z.coerce.number().pipe(z.int().min(0).max(10_000)).default(0).meta({ type: 'integer' }),
})

export const pathOrdersPerPage = 50

/**
 * Most recent first. Callers who see only some departments get each order limited to the time for which it was with
 * those.
 */
export const pathOrdersAnswer = z.object({
  process: z.object({ code: z.string(), name: localText }),
  orders: z.array(
    z.object({
      order: z.string(),
      customer: z.string().optional(),
      product: z.string().optional(),
      /** When the order arrived and when it was signed, epoch ms; `endedAt` is undefined while it is open. */
      arrivedAt: z.int(),
      endedAt: z.int().optional(),
      /**
       * The current stage. Undefined between stages, after the end, and while the order is with a department that the
       * caller does not see.
       */
      stage: z.string().optional(),
      stageName: localText.optional(),
    }),
  ),
  /** Number of orders on all pages. */
  total: count,
  /** Offset of the next page; undefined on the last one. */
  nextOffset: count.optional(),
  /** Orders that ended before this instant are not listed, epoch ms. Undefined if the period contains none. */
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type PathOrdersQuery = z.infer<typeof pathOrdersQuery>
export type PathOrdersAnswer = z.infer<typeof pathOrdersAnswer>
