import { z } from 'zod'

/** See `Privacy` in the domain. */
export const privacy = z.strictObject({
  customers: z.enum(['shown', 'masked']),
  amounts: z.enum(['shown', 'hidden']),
  people: z.enum(['shown', 'team']),
})

/** What a site hides from everybody; `version` is sent as `If-Match` when changing it. */
export const sitePrivacy = privacy.extend({ version: z.string() })
