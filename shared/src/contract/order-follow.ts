import { z } from 'zod'

/** Maximum number of orders that a person follows at a site. */
export const maxFollowed = 500
/** Maximum number of people who follow an order. */
export const maxFollowers = 100

/** Response of `GET`, `POST` and `DELETE /api/v1/orders/{order}/follow`. */
export const orderFollow = z.object({
  /** Whether the caller is notified of what happens to the order. */
  isFollowed: z.boolean(),
})
export type OrderFollow = z.infer<typeof orderFollow>
