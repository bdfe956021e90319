import { z } from 'zod'
import { localText } from './local-text.ts'

const count = z.int().nonnegative()

/** One site as the start page lists it. */
export const startSite = z.object({
  code: z.string(),
  name: localText,
  /** The fictional factory that an empty installation is filled with. */
  sample: z.boolean(),
  /** Orders entered, not signed and not cancelled, at this moment; undefined: the caller sees some departments only. */
  openOrders: count.optional(),
  /** Events in the site's log; undefined as above. */
  events: count.optional(),
})

/** The answer of `GET /api/v1/start`: what runs here, and of its sites those that the caller may see. */
export const startInfo = z.object({
  /** Of the software, as in package.json. */
  version: z.string(),
  sites: z.array(startSite),
  /** Code of the site that a wall without `site` in its address shows. */
  defaultSite: z.string(),
  database: z.enum(['embedded', 'postgresql']),
  /** The caller may read without a key. */
  readsOpen: z.boolean(),
})

export type StartSite = z.infer<typeof startSite>
export type StartInfo = z.infer<typeof startInfo>
