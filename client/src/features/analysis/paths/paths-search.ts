import { z } from 'zod'
import { textParam } from '../../../api/search-params.ts'

/** Which orders the tab lists, as its address says it: with the names of `GET /api/v1/analysis/paths/orders`. */
export const pathsSearch = z.object({
  variant: textParam,
  skipped: textParam,
  returned: textParam,
  moveFrom: textParam,
  moveTo: textParam,
  status: z.literal('open').optional().catch(undefined),
  offset: z.coerce.number().int().min(0).max(10_000).optional().catch(undefined),
})
export type PathsSearch = z.infer<typeof pathsSearch>

export const noFigure = {
  variant: undefined,
  skipped: undefined,
  returned: undefined,
  moveFrom: undefined,
  moveTo: undefined,
  status: undefined,
  offset: undefined,
} satisfies PathsSearch

/** Whether a list of orders was asked for. */
export function hasFigure({ variant, skipped, returned, moveFrom }: PathsSearch): boolean {
  return [variant, skipped, returned, moveFrom].some((figure) => figure !== undefined)
}
