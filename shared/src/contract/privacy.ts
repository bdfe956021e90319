import { z } from 'zod'

/** See `Privacy` of the domain. */
export const privacy = z.strictObject({
  customers: z.enum(['shown', 'masked']),
  amounts: z.enum(['shown', 'hidden']),
  people: z.enum(['shown', 'team']),
})

/** What a site keeps from everybody; `version` belongs into `If-Match` of whoever changes it. */
export const sitePrivacy = privacy.extend({ version: z.string() })
