import { lagDimensions } from '@stagewatch/shared/contract/analysis.ts'
import { z } from 'zod'

/** What the tab shows beyond days and orders, as its address says it. */
export const lagSearch = z.object({
  /** Undefined: by source. */
  by: z.enum(lagDimensions).optional().catch(undefined),
})
export type LagSearch = z.infer<typeof lagSearch>
