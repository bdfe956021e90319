import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'

/**
 * Search parameters of the alerts page. They are separate from its queries because every page of the desk loads this
 * module, while the queries are loaded only when needed.
 */
export const alertsSearch = z.object({
  /** Undefined: the current alerts. */
  tab: z.enum(['rules']).optional().catch(undefined),
  /** Undefined: alerts that have not ended. */
  state: z.enum(['ended']).optional().catch(undefined),
  /** Among the alerts: only those of this rule. Among the rules: the one in the editor, `new` for an unsaved one. */
  rule: textParam,
  /** The alert whose log is open. */
  alert: textParam,
})
export type AlertsSearch = z.infer<typeof alertsSearch>
