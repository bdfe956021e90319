import { z } from 'zod'
import { failing } from './field-issue.ts'
import { shortLocalText } from './local-text.ts'

const timeZone = z.string().refine((zone) => isTimeZone(zone), failing('not_zone', 'is no IANA time zone'))

/** The body of `POST /api/v1/admin/sites`. */
export const siteRequest = z.strictObject({
  code: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is made of a-z, 0-9 and hyphens'),
  /** By default the code. */
  name: shortLocalText.optional(),
  /** IANA zone of "today" on its screens; by default that of the server. */
  timeZone: timeZone.optional(),
})
export type SiteRequest = z.infer<typeof siteRequest>

/** The body of `PUT /api/v1/site`. */
export const siteSettings = z.strictObject({
  /** IANA zone of "today" on its screens. */
  timeZone,
})

/** The answer of `GET /api/v1/site`; `version` belongs into `If-Match` of whoever changes it. */
export const ownSite = z.object({
  code: z.string(),
  name: shortLocalText,
  timeZone: z.string(),
  sample: z.boolean(),
  version: z.string(),
})
export type OwnSite = z.infer<typeof ownSite>

/** `created` is false when there was such a site. */
export const siteAdded = z.object({ created: z.boolean() })
export type SiteAdded = z.infer<typeof siteAdded>

/** The answer of `GET /api/v1/admin/sites`, in the order of their codes. */
export const siteList = z.object({
  sites: z.array(z.object({ code: z.string(), name: shortLocalText, timeZone: z.string(), sample: z.boolean() })),
})
export type SiteList = z.infer<typeof siteList>

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}
