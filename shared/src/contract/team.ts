import { z } from 'zod'
import { absenceKinds } from '../domain/presence.ts'
import { failing } from './field-issue.ts'
import { shortLocalText, translations } from './names.ts'
import { role } from './me.ts'

export const maxSkills = 200
export const maxSkillsOfPerson = 30
/** Maximum number of current and future absences per person. */
export const maxAbsences = 100
const maxAbsenceDays = 366

const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is made of a-z, 0-9 and hyphens')

/** Something that people can do and that work may require. */
export const skill = z.strictObject({ key, name: shortLocalText })
export type Skill = z.infer<typeof skill>

/** All skills of a site: the body of `PUT /api/v1/skills`. */
export const skills = z
  .array(skill)
  .max(maxSkills)
  .refine((all) => new Set(all.map((one) => one.key)).size === all.length, failing('twice', 'has a key twice'))

/** Response of `GET /api/v1/skills`; `version` sent as `If-Match` when changing them. */
export const skillList = z.object({ skills, version: z.string() })
export type SkillList = z.infer<typeof skillList>

/** Request body of `PUT /api/v1/team/{id}`. */
export const memberSettings = z.strictObject({
  /** Keys of skills of the site. */
  skills: z
    .array(key)
    .max(maxSkillsOfPerson)
    .refine((all) => new Set(all).size === all.length, failing('twice', 'names a skill twice')),
  /** Code of a calendar of the site. Undefined: the calendar of the department, else that of the site. */
  calendar: z.string().trim().min(1).max(200).exactOptional(),
})
export type MemberSettings = z.infer<typeof memberSettings>

const date = z.iso.date()
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, failing('not_time', 'is a time HH:MM').error)

/** Request body of `POST /api/v1/team/{id}/absences`. Days and times are in the person's time zone. */
export const absenceRequest = z
  .strictObject({
    /** First and last day, both inclusive. */
    from: date,
    to: date,
    /** Time on the first day. Undefined: the start of the day. */
    fromTime: time.exactOptional(),
    /** Time on the last day. Undefined: the end of the day. */
    toTime: time.exactOptional(),
    kind: z.enum(absenceKinds),
    /** Id of the person of the site who is the deputy. */
    deputy: z.string().min(1).max(64).exactOptional(),
  })
  .refine(({ from, to }) => from <= to, { ...failing('out_of_order', 'ends before it begins'), path: ['to'] })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) < maxAbsenceDays * 86_400_000, {
    ...failing('too_wide', `lasts at most ${maxAbsenceDays} days`, maxAbsenceDays),
    path: ['to'],
  })
  .refine(({ from, to, fromTime = '00:00', toTime }) => from !== to || toTime === undefined || fromTime < toTime, {
    ...failing('out_of_order', 'ends before it begins'),
    path: ['toTime'],
  })
export type AbsenceRequest = z.infer<typeof absenceRequest>

export const absence = z.object({
  id: z.string(),
  ...absenceRequest.shape,
  deputyName: z.string().optional(),
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
})
export type AbsenceView = z.infer<typeof absence>

/** See `Presence` in the domain; instants are epoch ms. */
const presence = z.discriminatedUnion('state', [
  z.object({ state: z.literal('here'), until: z.number().optional() }),
  z.object({ state: z.literal('off'), next: z.number().optional() }),
  z.object({
    state: z.literal('absent'),
    kind: z.enum(absenceKinds),
    deputyId: z.string().optional(),
    until: z.number(),
    next: z.number().optional(),
  }),
])

/** A person at a site and their working time. */
export const teamMember = z.object({
  id: z.string(),
  name: z.string(),
  role,
  /** Departments to which their role is restricted. Undefined: all. */
  departments: z.array(z.string()).optional(),
  ...memberSettings.shape,
  /** Code of the calendar that applies. Undefined: all time is working time. */
  worksBy: z.string().optional(),
  /** IANA name of their time zone. */
  timeZone: z.string(),
  presence,
  /** Current and future absences, sorted by start. */
  absences: z.array(absence),
  /** Version of skills and calendar; sent as `If-Match` when changing them. */
  version: z.string(),
  /** Whether the caller may enter absences. */
  mayEnterAbsences: z.boolean(),
  /** Whether the caller may change skills and calendar. */
  mayChange: z.boolean(),
})
export type TeamMember = z.infer<typeof teamMember>

/** Response of `GET /api/v1/team`, sorted by name: the people of the caller's departments, or the caller alone. */
export const teamList = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  people: z.array(teamMember),
  /** Possible deputies: everybody in `people`, and others whom the caller may name. */
  deputies: z.array(z.object({ id: z.string(), name: z.string() })),
  skills,
  calendars: z.array(z.object({ code: z.string(), name: shortLocalText })),
  /** Epoch ms at which presence was determined. */
  asOf: z.int(),
})
export type TeamList = z.infer<typeof teamList>
