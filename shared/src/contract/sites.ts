import { z } from 'zod'
import { shortLocalText } from './names.ts'
import { timeZone } from './time-zone.ts'

/** Request body of `POST /api/v1/admin/sites`. */
export const siteRequest = z.strictObject({
  code: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is made of a-z, 0-9 and hyphens'),
  /** Default: the code. */
  name: shortLocalText.optional(),
  /** IANA zone that defines "today" on its screens. Default: the server's zone. */
  timeZone: timeZone.optional(),
})
export type SiteRequest = z.infer<typeof siteRequest>

/** Request body of `PUT /api/v1/site`. */
export const siteSettings = z.strictObject({
  /** IANA zone that defines "today" on its screens. */
  timeZone,
})

/** Response of `GET /api/v1/site`; `version` is sent as `If-Match` when changing it. */
export const ownSite = z.object({
  code: z.string(),
  name: shortLocalText,
  timeZone: z.string(),
  sample: z.boolean(),
  version: z.string(),
})
export type OwnSite = z.infer<typeof ownSite>

/** `created` is false if the site already existed. */
export const siteAdded = z.object({ created: z.boolean() })
export type SiteAdded = z.infer<typeof siteAdded>

/** Response of `GET /api/v1/admin/sites`, sorted by code. */
export const siteList = z.object({
  sites: z.array(z.object({ code: z.string(), name: shortLocalText, timeZone: z.string(), sample: z.boolean() })),
})
export type SiteList = z.infer<typeof siteList>
