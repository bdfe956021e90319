import { z } from 'zod'
import { localText } from './board.ts'

const count = z.int().nonnegative()

/** One site as the start page lists it. */
export const startSite = z.object({
  code: z.string(),
  name: localText,
  /** The fictional factory that an empty installation is filled with. */
  sample: z.boolean(),
  /** Orders entered, not signed and not cancelled, at this moment. */
  openOrders: count,
  /** Events in the site's log. */
  events: count,
})

/** The answer of `GET /api/v1/start`: what runs here and where to go from here. */
export const startInfo = z.object({
  /** Of the software, as in package.json. */
  version: z.string(),
  sites: z.array(startSite),
  /** Code of the site that a wall without `site` in its address shows. */
  defaultSite: z.string(),
  database: z.enum(['embedded', 'postgresql']),
  /** Screens on this machine need no key. */
  readsOpen: z.boolean(),
})

export type StartSite = z.infer<typeof startSite>
export type StartInfo = z.infer<typeof startInfo>
