import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'

/**
 * Search parameters of the task board. Kept apart from the queries of the page, because every page of the desk loads
 * this file.
 */
export const tasksSearch = z.object({
  /** Left out: `mine` on a phone, otherwise `departments`. */
  segment: z.enum(['mine', 'departments', 'all']).optional().catch(undefined),
  stage: textParam,
  person: textParam,
  sort: z.enum(['oldest']).optional().catch(undefined),
  q: textParam,
  /** The task that is open beside the board. */
  task: textParam,
})
export type TasksSearch = z.infer<typeof tasksSearch>
