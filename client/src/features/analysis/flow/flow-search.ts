import { z } from 'zod'
import { textParam } from '../../../api/search-params.ts'

/** What the tab shows beyond days and orders, as its address says it. */
export const flowSearch = z.object({
  /** Code of the chosen stage, and the process that it is of; undefined: all of them. */
  stage: textParam,
  of: textParam,
  /** Undefined: days. */
  columns: z.literal('hour').optional().catch(undefined),
})
export type FlowSearch = z.infer<typeof flowSearch>
