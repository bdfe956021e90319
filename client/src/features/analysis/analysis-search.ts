import { lagDimensions, timeDimensions } from '@stagewatch/shared/contract/analysis.ts'
import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'

// Search parameters of each tab, in addition to the period and filters of the page.

const numberParam = (least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).optional().catch(undefined)
const dateParam = z.iso.date().optional().catch(undefined)
const offsetParam = numberParam(0, 10_000)

export const timeColumns = ['name', 'total', 'visits', 'mean', 'p50', 'p90', 'over'] as const
export type TimeColumn = (typeof timeColumns)[number]

export const timeSearch = z.object({
  /** Code of the chosen stage (`stage`) and of its process (`of`). */
  stage: textParam,
  of: textParam,
  /** Undefined: by stage. */
  rows: z.enum(timeDimensions).optional().catch(undefined),
  /** Undefined: working time. */
  clock: z.literal('elapsed').optional().catch(undefined),
  scale: z.literal('linear').optional().catch(undefined),
  /** Undefined: the server's order. A leading minus reverses the usual direction of the column. */
  sort: z
    .enum([...timeColumns, ...timeColumns.map((column) => `-${column}` as const)])
    .optional()
    .catch(undefined),
})
export type TimeSearch = z.infer<typeof timeSearch>

export const flowSearch = z.object({
  /** Code of the chosen stage (`stage`) and of its process (`of`). Undefined: all stages. */
  stage: textParam,
  of: textParam,
  /** Undefined: days. */
  columns: z.literal('hour').optional().catch(undefined),
})
export type FlowSearch = z.infer<typeof flowSearch>

export const lagSearch = z.object({
  /** Undefined: by source. */
  by: z.enum(lagDimensions).optional().catch(undefined),
})
export type LagSearch = z.infer<typeof lagSearch>

/** Filter of the listed orders, with the parameter names of `GET /api/v1/analysis/paths/orders`. */
export const pathsSearch = z.object({
  variant: textParam,
  skipped: textParam,
  returned: textParam,
  moveFrom: textParam,
  moveTo: textParam,
  status: z.literal('open').optional().catch(undefined),
  offset: offsetParam,
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

/** Whether a list of orders is requested. */
export function hasFigure({ variant, skipped, returned, moveFrom }: PathsSearch): boolean {
  return [variant, skipped, returned, moveFrom].some((figure) => figure !== undefined)
}

/** Filter of the listed visits, with the parameter names of `GET /api/v1/analysis/visits`. */
export const visitsSearch = z.object({
  stage: textParam,
  /** Process of the stage. */
  of: textParam,
  clock: z.literal('elapsed').optional().catch(undefined),
  weekday: numberParam(1, 7),
  hourOfDay: numberParam(0, 23),
  entered: z.literal('period').optional().catch(undefined),
  side: z.enum(['before', 'after']).optional().catch(undefined),
  /** First and last day (inclusive) of the earlier period of a comparison; the later period is that of the page. */
  beforeFrom: dateParam,
  beforeTo: dateParam,
  offset: offsetParam,
})
export type VisitsSearch = z.infer<typeof visitsSearch>

/** Resets the parameters of the visit list, for links from other tabs. */
export const noVisits = {
  stage: undefined,
  of: undefined,
  clock: undefined,
  weekday: undefined,
  hourOfDay: undefined,
  entered: undefined,
  side: undefined,
  beforeFrom: undefined,
  beforeTo: undefined,
  offset: undefined,
} satisfies VisitsSearch
