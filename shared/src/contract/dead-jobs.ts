import { z } from 'zod'

/** Maximum number of jobs in a list, and of those that are settled at a time. */
export const maxDeadJobs = 100

/** A job that was given up. */
const deadJob = z.object({
  id: z.int(),
  queue: z.string(),
  /** When it was given up, epoch ms. */
  diedAt: z.number(),
  /** How often it was tried. */
  attempts: z.int().nonnegative(),
  /** Why it was given up, in English. Undefined: its work failed unexpectedly; the log of the server says how. */
  error: z.string().optional(),
})
export type DeadJob = z.infer<typeof deadJob>

/** Response of `GET /api/v1/admin/dead-jobs`: those of the site, newest first. */
export const deadJobList = z.object({
  /** Epoch ms. */
  asOf: z.number(),
  jobs: z.array(deadJob).max(maxDeadJobs),
  /** Number of all of them. */
  total: z.int().nonnegative(),
})

/** Body of `POST /api/v1/admin/dead-jobs/retry` and `…/dismiss`. */
export const deadJobChoice = z.strictObject({
  ids: z.array(z.int().positive()).min(1).max(maxDeadJobs),
})

/** Those of the chosen jobs that were still dead. */
export const deadJobsSettled = z.object({ settled: z.int().nonnegative() })
