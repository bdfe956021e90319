import { z } from 'zod'
import { localText, translations } from './names.ts'
import { alongside, orderSummary } from './order-summary.ts'

const instant = z.int()

/**
 * Response of `GET /api/v1/orders/{order}/progress`: what is needed on the shop floor to report progress of an order.
 * Facts about its stage are undefined between stages.
 */
export const orderProgress = orderSummary.extend({
  /** When work in the stage began. Undefined if it was not reported. */
  startedAt: instant.optional(),
  /** As of an order, see `orderSummary`, with when their work began. */
  alongside: z.array(alongside.extend({ startedAt: instant.optional() })).optional(),
  /** Limit of the stage, working ms. Undefined if it has none. */
  targetMs: z.number().nonnegative().optional(),
  /** The last stage; only for an order between stages. */
  lastStage: z.string().optional(),
  /** Stages of its process, in order. */
  stages: z.array(
    z.object({
      stage: z.string(),
      name: localText,
      /** Entering the stage completes the order. */
      isEnd: z.literal(true).optional(),
      /** Possible next stages, the usual one first. If several lead forwards, the user has to choose. */
      next: z.array(
        z.object({
          stage: z.string(),
          /** The path leads back to an earlier stage. */
          isReturn: z.literal(true).optional(),
        }),
      ),
      /** Reasons of a hold that the process offers; may be empty. */
      holdReasons: z.array(localText),
      /** Maximum duration of a hold for each of these reasons, natural ms; null: no limit. */
      longestHoldsMs: z.array(z.number().positive().nullable()).optional(),
    }),
  ),
  translations: translations.optional(),
  asOf: instant,
})

export type OrderProgress = z.infer<typeof orderProgress>
