import { z } from 'zod'

/** Response of `GET /healthz`: the process answers. */
export const liveness = z.object({
  status: z.literal('ok'),
  version: z.string(),
  /** Set if this installation serves the user guide at `/manual/`. */
  manual: z.literal(true).optional(),
})

/** Response of `GET /api/v1/admin/versions`. */
export const versionsAnswer = z.object({
  /** Of the server instance that answers. */
  version: z.string(),
  /** The versions of all running server instances with their numbers, the oldest version first. */
  running: z.array(z.object({ version: z.string(), count: z.int().positive() })),
  /** The last upgrade of this database. Undefined: no other version has run on it. */
  upgrade: z.object({ from: z.string(), /** Epoch ms. */ at: z.number() }).optional(),
})

/** Changes of one release; entries are Markdown of one paragraph. */
const release = z.object({
  version: z.string(),
  /** `YYYY-MM-DD`. Undefined: it has no tag yet. */
  date: z.string().optional(),
  sections: z.array(z.object({ title: z.string(), entries: z.array(z.string()) })),
})
export type Release = z.infer<typeof release>

/** Response of `GET /api/v1/admin/changelog`: the newest release first. */
export const changelogAnswer = z.object({ releases: z.array(release) })
