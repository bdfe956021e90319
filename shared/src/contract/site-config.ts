import { z } from 'zod'
import { languages } from '../domain/locales.ts'
import { textKeys } from '../domain/message-template.ts'
import { alertRuleRequest, maxAlertRules } from './alert-rules.ts'
import { calendarDefinition } from './calendar.ts'
import { calendarChoice } from './calendar-settings.ts'
import { customerNewsSettings } from './customer-news.ts'
import { configuredDepartment, departmentText, maxDepartments } from './departments.ts'
import { failing } from './field-issue.ts'
import { handoverSettings } from './handover.ts'
import { wording } from './message-texts.ts'
import { privacy } from './privacy.ts'
import { processVersion } from './process.ts'
import { maxReleaseReason } from './process-draft.ts'
import { retention } from './retention.ts'
import { taskRules } from './tasks.ts'
import { skills } from './team.ts'
import { translations } from './names.ts'

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

/** Each entry's key must equal its code. */
function byCode<T>(entry: z.ZodType<T>, limit: number, codesOf: (entry: T) => readonly string[]) {
  return z
    .record(code, entry)
    .refine((all) => Object.keys(all).length <= limit, failing('too_many', `must be at most ${limit}`, limit))
    .refine(
      (all) => Object.entries(all).every(([key, each]) => codesOf(each).every((named) => named === key)),
      failing('mismatch', 'has an entry whose code is not the one that it stands under'),
    )
}

/** The id of a rule; a new rule takes any that the site does not have yet. */
const ruleId = z.string().regex(/^[\w-]{1,100}$/, 'must consist of letters, digits, hyphens and underscores')

/** Entries without a meaning of their own, up to a maximum number. */
function atMost<T extends Readonly<Record<string, unknown>>>(entries: z.ZodType<T>, limit: number) {
  return entries.refine(
    (all) => Object.keys(all).length <= limit,
    failing('too_many', `must be at most ${limit}`, limit),
  )
}

/**
 * The configuration of a site as one document, suitable for version control. The order of keys is stable. Webhooks,
 * screens, keys, channels (which consist mostly of secrets and of addresses that are secret) and people are not part of
 * it, so neither are the leads of departments and of handovers. Where alert rules and the mails to customers name a
 * channel or a person, they contain its id.
 */
export const siteConfig = z.strictObject({
  format: z.literal('stagewatch-config'),
  version: z.literal(1),
  processes: byCode(versions, most.processes, (all) => all.map(({ definition }) => definition.code)),
  calendars: byCode(calendarDefinition, most.calendars, (calendar) => [calendar.code]),
  calendarChoice,
  privacy,
  translations,
  /** By key. Older files omit it; the departments then stay unchanged. */
  departments: z
    .record(departmentText, configuredDepartment)
    .refine(
      (all) => Object.keys(all).length <= maxDepartments,
      failing('too_many', `must be at most ${maxDepartments}`, maxDepartments),
    )
    .exactOptional(),
  /** By key. Older files omit it; the skills then stay unchanged. */
  skills: skills.exactOptional(),
  /** Older files omit it; it then stays unchanged. */
  retention: retention.exactOptional(),
  /** By id. Older files omit it; the rules then stay unchanged. */
  alertRules: atMost(z.record(ruleId, alertRuleRequest), maxAlertRules).exactOptional(),
  /** Texts that differ from those of the product, by key and language. Older files omit it; they then stay unchanged. */
  messageTexts: z.partialRecord(z.enum(textKeys), z.partialRecord(z.enum(languages), wording)).exactOptional(),
  /** Older files omit it; it then stays unchanged. */
  customerNews: customerNewsSettings.exactOptional(),
  /** Older files omit it; it then stays unchanged. */
  taskRules: taskRules.exactOptional(),
  /**
   * By key of the department; one that is left out makes no handovers. Older files omit it; the settings then stay
   * unchanged.
   */
  handovers: atMost(z.record(departmentText, handoverSettings.omit({ leads: true })), maxDepartments).exactOptional(),
})

/** Response of `GET /api/v1/admin/config`. */
export const siteConfigAnswer = z.object({
  config: siteConfig,
  /** Version of the whole configuration; sent as `If-Match` when applying another one. */
  version: z.string(),
})

/** Maximum number of fields in one response; further ones are only counted. */
export const maxConfigFields = 1_000

const plain = z.union([z.string(), z.number(), z.boolean()])
const scalar = z.union([plain, z.array(plain).readonly()])

/** Differences between the configuration of a site and another one. */
export const configDifference = z.object({
  /** Version of the site's configuration. */
  version: z.string(),
  fields: z
    .array(
      z.object({
        /**
         * Names from the outermost to the innermost; list items are identified by their code, else by their position
         * from 1.
         */
        path: z.array(z.string()).readonly(),
        /** Undefined: the field did not, or will not, exist. */
        before: scalar.optional(),
        after: scalar.optional(),
      }),
    )
    .max(maxConfigFields),
  /** Number of all differing fields; 0 if both are the same. */
  total: z.int().nonnegative(),
})

/** Request body of `POST /api/v1/admin/config/apply`. */
export const configApplication = z.strictObject({
  config: siteConfig,
  reason: z.string().trim().min(1).max(maxReleaseReason),
})

export type SiteConfig = z.infer<typeof siteConfig>
export type SiteConfigAnswer = z.infer<typeof siteConfigAnswer>
export type ConfigDifference = z.infer<typeof configDifference>
