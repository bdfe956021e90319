import { z } from 'zod'

const maxSearchLength = 2_000

/** A query of a page saved under a name, as the request body of `POST /api/v1/views`. */
export const savedViewRequest = z.strictObject({
  page: z.enum(['overview', 'orders']),
  name: z.string().trim().min(1).max(80),
  /** Query string of the page, without the question mark. */
  search: z.string().max(maxSearchLength),
  /** Shared with others at the site, if they see all departments that its owner sees. */
  shared: z.boolean(),
})
export type SavedViewRequest = z.infer<typeof savedViewRequest>

export const savedView = savedViewRequest.extend({
  id: z.string(),
  /** Whether the reader may delete it. */
  editable: z.boolean(),
  /** Owner of a view that belongs to somebody else. */
  owner: z.string().optional(),
})
export type SavedView = z.infer<typeof savedView>

/** Response of `GET /api/v1/views`: the caller's own first, both groups sorted by name. */
export const savedViewList = z.object({ views: z.array(savedView) })
export type SavedViewList = z.infer<typeof savedViewList>
