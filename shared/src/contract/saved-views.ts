import { z } from 'zod'

const maxSearchLength = 2_000

/** A question of a page under a name, as the body of `POST /api/v1/views`. */
export const savedViewRequest = z.strictObject({
  page: z.enum(['overview', 'orders']),
  name: z.string().trim().min(1).max(80),
  /** What stands behind the question mark in the address of the page. */
  search: z.string().max(maxSearchLength),
  /** Others of the site see it, as far as they see all departments that its owner sees. */
  shared: z.boolean(),
})
export type SavedViewRequest = z.infer<typeof savedViewRequest>

export const savedView = savedViewRequest.extend({
  id: z.string(),
  /** Whether the reader may delete it. */
  editable: z.boolean(),
  /** Of those of others: whose it is. */
  owner: z.string().optional(),
})
export type SavedView = z.infer<typeof savedView>

/** The answer of `GET /api/v1/views`: one's own first, each kind by name. */
export const savedViewList = z.object({ views: z.array(savedView) })
export type SavedViewList = z.infer<typeof savedViewList>
