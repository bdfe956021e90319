import { z } from 'zod'
import { localText } from './local-text.ts'
import { orderSummary } from './orders.ts'
import { translations } from './translations.ts'

const instant = z.int()

/**
 * The answer of `GET /api/v1/orders/{order}/progress`: what somebody on the floor needs to report how an order goes on.
 * Facts of its stage are left out between stages.
 */
export const orderProgress = orderSummary.extend({
  /** When work in the stage began; left out: nobody has said. */
  startedAt: instant.optional(),
  /** Limit of the stage, working ms; left out: it has none. */
  targetMs: z.number().nonnegative().optional(),
  /** Where it was last; only of an order between stages. */
  lastStage: z.string().optional(),
  /** Stages of its process in their order. */
  stages: z.array(
    z.object({
      stage: z.string(),
      name: localText,
      /** Coming there completes the order. */
      isEnd: z.literal(true).optional(),
      /** Where orders may go on from here, the usual stage first. Several forwards: somebody has to choose. */
      next: z.array(
        z.object({
          stage: z.string(),
          /** The way leads back to an earlier stage. */
          isReturn: z.literal(true).optional(),
        }),
      ),
      /** What the process offers as reasons of a hold; empty: nothing. */
      holdReasons: z.array(localText),
    }),
  ),
  translations: translations.optional(),
  asOf: instant,
})

export type OrderProgress = z.infer<typeof orderProgress>
