import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'

/** Which imports are shown, as the address has it; left out: all. */
export const importsSearch = z.object({
  state: z.enum(['active', 'finished', 'undone']).optional().catch(undefined),
  q: textParam,
})
export type ImportsSearch = z.infer<typeof importsSearch>

/** Of a new import: which file, and what is done with it. */
export const newImportSearch = z.object({
  upload: textParam,
  step: z.enum(['map', 'check']).optional().catch(undefined),
})
