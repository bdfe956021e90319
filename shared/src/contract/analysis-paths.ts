import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './local-text.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative().optional()

/** The most ways that are told one by one; the rest is counted. */
export const maxVariants = 20
/** The most moves between stages that are told; rarer ones are counted. */
export const maxMoves = 400

/**
 * Orders that were completed from `from` up to, not including, `to`; left out: the last 14 days. One process at a time: of
 * several, or without one, that which has the most visits.
 */
export const pathsQuery = z.strictObject(choice)

const stepKinds = ['next', 'branch', 'return', 'skip', 'rework', 'other'] as const

const pathStage = z.object({
  stage: z.string(),
  name: localText,
  /** Place in the order of the process, from 0; left out: the process does not name the stage, or no longer. */
  position: count.optional(),
  /** Entering it completes an order. */
  terminal: z.literal(true).optional(),
  visits: count,
  /** Orders that were there; `returned` of them more than once. */
  orders: count,
  returned: count,
  /** Orders that began and that ended there. */
  begins: count,
  ends: count,
  /** Median of its visits, by the clock of the question; left out: no visit counts. */
  p50Ms: durationMs,
  /**
   * Orders that passed over the stage although no branch leads around it: completed ones, and those that are under way.
   * Left out: whoever asks may not see the department that answers for it.
   */
  skipped: count.optional(),
  skippedOpen: count.optional(),
})

const variant = z.object({
  /** By which its orders are asked for. */
  id: z.string(),
  /** Codes of the stages in the order in which they were entered. */
  stages: z.array(z.string()),
  orders: count,
  /** Median from placed to signed, natural ms; of those who see some departments, as long as orders were theirs. */
  p50LeadMs: z.number(),
  /** It skips a stage, goes back where no path leads, or returns too often. */
  deviates: z.boolean(),
})

export const pathsAnswer = z.object({
  process: z.object({ code: z.string(), name: localText }),
  /** All that could be asked for instead. */
  processes: z.array(z.object({ code: z.string(), name: localText })),
  /** The period, epoch ms; `to` is not included. */
  from: z.int(),
  to: z.int(),
  /** Completed orders; `deviating` of them did what the process does not provide for. */
  orders: count,
  deviating: count,
  stages: z.array(pathStage),
  /** One stage after another, most often first. */
  moves: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /**
       * `next`: as the process goes on; `branch`, `return`: as one of its paths allows; `skip`, `rework`: forwards and
       * backwards where none does; `other`: from or to a stage that the process does not name.
       */
      kind: z.enum(stepKinds),
      moves: count,
      orders: count,
      /** Median from leaving the one to entering the other, natural ms. */
      p50GapMs: z.number(),
    }),
  ),
  /** Moves between stages that are too rare to be in `moves`. */
  otherMoves: count,
  /** The ways of orders, most frequent first. */
  variants: z.array(variant),
  /** All other ways; `variants` is left out where there are more than are told apart. */
  otherVariants: z.object({ orders: count, variants: count.optional(), p50LeadMs: durationMs }),
  /** Returns that a path allows so often, and how many orders took one oftener. */
  overReturned: z.array(z.object({ from: z.string(), to: z.string(), maxTimes: count, orders: count })),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type PathsAnswer = z.infer<typeof pathsAnswer>
export type PathVariant = PathsAnswer['variants'][number]

/** Which of the orders: exactly one of `variant`, `skipped`, `returned` and `move`. */
export const pathOrdersQuery = z.strictObject({
  ...choice,
  /** Whose way is this one. */
  variant: z.string().max(64).optional(),
  /** That passed over the stage. */
  skipped: z.string().max(200).optional(),
  /** That were in the stage more than once. */
  returned: z.string().max(200).optional(),
  /** That went from a stage to another: both codes. */
  moveFrom: z.string().max(200).optional(),
  moveTo: z.string().max(200).optional(),
  /** Of those that passed over a stage: completed in the period, or under way now. */
  status: z.enum(['completed', 'open']).default('completed'),
  /** The next page begins after so many. */
  offset: z.coerce.number().pipe(z.int().min(0).max(10_000)).default(0).meta({ type: 'integer' }),
})

export const pathOrdersPerPage = 50

/** The last ones first. Of those who see some departments, an order is told of as far as it was theirs. */
export const pathOrdersAnswer = z.object({
  process: z.object({ code: z.string(), name: localText }),
  orders: z.array(
    z.object({
      order: z.string(),
      customer: z.string().optional(),
      product: z.string().optional(),
      /** When it came and when it was signed, epoch ms; `endedAt` is left out while it is under way. */
      arrivedAt: z.int(),
      endedAt: z.int().optional(),
      /** Where it is now; left out between stages, after its end, and with others. */
      stage: z.string().optional(),
      stageName: localText.optional(),
    }),
  ),
  /** Orders on all pages together. */
  total: count,
  /** Where the next page begins; left out on the last one. */
  nextOffset: count.optional(),
  /** Orders that ended before this instant are not listed, epoch ms; left out: there are none in the period. */
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type PathOrdersQuery = z.infer<typeof pathOrdersQuery>
export type PathOrdersAnswer = z.infer<typeof pathOrdersAnswer>
