import { z } from 'zod'
import { localText } from './names.ts'

const count = z.int().nonnegative()

/** A site as the start page lists it. */
export const startSite = z.object({
  code: z.string(),
  name: localText,
  /** The fictional factory with which an empty installation is filled. */
  sample: z.boolean(),
  /**
   * Orders entered, and neither signed nor cancelled, at this moment. Undefined: the caller sees only some departments.
   */
  openOrders: count.optional(),
  /** Number of events in the site's log. Undefined as above. */
  events: count.optional(),
})

/** Response of `GET /api/v1/start`: information about the installation, and the sites that the caller may see. */
export const startInfo = z.object({
  /** Version of the software, as in package.json. */
  version: z.string(),
  sites: z.array(startSite),
  /** Code of the site that a wall shows if its URL has no `site`. */
  defaultSite: z.string(),
  database: z.enum(['embedded', 'postgresql']),
  /** The caller may read without a key. */
  readsOpen: z.boolean(),
  /** What to type before a command so that it finds the data of this server; only for callers on its machine. */
  commandSettings: z.string().optional(),
})

export type StartSite = z.infer<typeof startSite>
export type StartInfo = z.infer<typeof startInfo>
