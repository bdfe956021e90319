import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'

/** Search parameters of the approvals page. They have their own file because every page of the desk loads them. */
export const approvalsSearch = z.object({
  /** Undefined: the approvals that wait for the user. */
  segment: z.enum(['started', 'done']).optional().catch(undefined),
  /** Id of the open approval. */
  approval: textParam,
})
