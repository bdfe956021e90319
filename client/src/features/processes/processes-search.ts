import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'

/** What is open on the page of a process. */
export const processSearch = z.object({
  /** Code of the chosen stage. */
  stage: textParam,
  /** Place of the chosen path, from 0. */
  path: z.coerce.number().int().nonnegative().optional().catch(undefined),
  /** `process`: its own settings, which a laptop shows when nothing is chosen. */
  panel: z.enum(['process', 'history', 'compare', 'release', 'templates']).optional().catch(undefined),
})
