import { z } from 'zod'
import { calendarDefinition } from './calendar.ts'
import { calendarChoice } from './calendar-settings.ts'
import { failing } from './field-issue.ts'
import { privacy } from './privacy.ts'
import { processVersion } from './process.ts'
import { maxReleaseReason } from './process-draft.ts'
import { translations } from './translations.ts'

const code = z.string().trim().min(1).max(200)
const most = { processes: 200, versions: 200, calendars: 500 } as const

/** All versions of one process, see `ProcessHistory`. */
const versions = z
  .array(processVersion)
  .min(1)
  .max(most.versions)
  .refine(
    ([first, ...later]) =>
      first?.validFrom === undefined &&
      later.every(({ validFrom }, i) => validFrom !== undefined && validFrom > (later[i - 1]?.validFrom ?? -Infinity)),
    failing('out_of_order', 'has a version without validFrom first, then each by when it begins'),
  )

/** Each entry stands under the code that it has. */
function byCode<T>(entry: z.ZodType<T>, limit: number, codesOf: (entry: T) => readonly string[]) {
  return z
    .record(code, entry)
    .refine((all) => Object.keys(all).length <= limit, failing('too_many', `must be at most ${limit}`, limit))
    .refine(
      (all) => Object.entries(all).every(([key, each]) => codesOf(each).every((named) => named === key)),
      failing('mismatch', 'has an entry whose code is not the one that it stands under'),
    )
}

/**
 * The configuration of a site as one document, to be kept beside other ones under version control. Keys are in an order
 * that does not change; webhooks, screens, keys and people are not part of it.
 */
export const siteConfig = z.strictObject({
  format: z.literal('stagewatch-config'),
  version: z.literal(1),
  processes: byCode(versions, most.processes, (all) => all.map(({ definition }) => definition.code)),
  calendars: byCode(calendarDefinition, most.calendars, (calendar) => [calendar.code]),
  calendarChoice,
  privacy,
  translations,
})

/** The answer of `GET /api/v1/admin/config`. */
export const siteConfigAnswer = z.object({
  config: siteConfig,
  /** Of the whole; belongs into `If-Match` of whoever applies another one. */
  version: z.string(),
})

/** Fields of one answer; of more only the number is told. */
export const maxConfigFields = 1_000

const plain = z.union([z.string(), z.number(), z.boolean()])
const scalar = z.union([plain, z.array(plain).readonly()])

/** What differs between the configuration of a site and another one. */
export const configDifference = z.object({
  /** Of the configuration that the site had. */
  version: z.string(),
  fields: z
    .array(
      z.object({
        /** Names from the outermost to the innermost; members of lists by their code, others by number, from 1. */
        path: z.array(z.string()).readonly(),
        /** Left out: it was not there, or will not be. */
        before: scalar.optional(),
        after: scalar.optional(),
      }),
    )
    .max(maxConfigFields),
  /** Of all fields that differ; 0: both are the same. */
  total: z.int().nonnegative(),
})

/** The body of `POST /api/v1/admin/config/apply`. */
export const configApplication = z.strictObject({
  config: siteConfig,
  reason: z.string().trim().min(1).max(maxReleaseReason),
})

export type SiteConfig = z.infer<typeof siteConfig>
export type SiteConfigAnswer = z.infer<typeof siteConfigAnswer>
export type ConfigDifference = z.infer<typeof configDifference>
