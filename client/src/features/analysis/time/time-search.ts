import { timeDimensions } from '@stagewatch/shared/contract/analysis.ts'
import { z } from 'zod'
import { textParam } from '../../../api/search-params.ts'

export const timeColumns = ['name', 'total', 'visits', 'mean', 'p50', 'p90', 'over'] as const
export type TimeColumn = (typeof timeColumns)[number]

/** What the tab shows beyond days and orders, as its address says it. */
export const timeSearch = z.object({
  /** Code of the chosen stage, and the process that it is of. */
  stage: textParam,
  of: textParam,
  /** Undefined: by stage. */
  rows: z.enum(timeDimensions).optional().catch(undefined),
  /** Undefined: working time. */
  clock: z.literal('elapsed').optional().catch(undefined),
  scale: z.literal('linear').optional().catch(undefined),
  /** Undefined: as the server has ranked them. With a minus sign the other way round than usual. */
  sort: z
    .enum([...timeColumns, ...timeColumns.map((column) => `-${column}` as const)])
    .optional()
    .catch(undefined),
})
export type TimeSearch = z.infer<typeof timeSearch>
