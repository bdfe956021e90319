import { z } from 'zod'
import { failing } from './field-issue.ts'
import { shortLocalText, visibleName } from './names.ts'

export const maxDepartments = 500
const maxAliases = 50

const code = z.string().trim().min(1).max(200)

/** Name of a department as it appears in events. */
export const departmentText = visibleName(200)

const aliases = z
  .array(departmentText)
  .max(maxAliases)
  .refine((all) => new Set(all).size === all.length, failing('twice', 'names a text twice'))

/** Request body of `PUT /api/v1/departments/{key}`. */
export const departmentSettings = z.strictObject({
  name: shortLocalText,
  /** Id of a person of the site. Undefined: nobody leads the department. */
  lead: z.string().min(1).max(64).exactOptional(),
  /** Code of a calendar of the site. Undefined: the calendar of the site. */
  calendar: code.exactOptional(),
  /** Other texts by which events name the department. */
  aliases,
  archived: z.boolean(),
})
export type DepartmentSettings = z.infer<typeof departmentSettings>

/**
 * Request body of `POST /api/v1/departments/{key}/merge`: the department ends, and its texts then belong to the other
 * one.
 */
export const departmentMerge = z.strictObject({
  into: departmentText,
})

const count = z.int().nonnegative()
const use = {
  /** Number of people whose role is restricted to departments including this one. */
  members: count,
  /** Number of stages that it is responsible for, in the current processes. */
  stages: count,
  /** Number of orders that are currently with it. */
  openOrders: count,
}

export const managedDepartment = z.object({
  key: z.string(),
  ...departmentSettings.shape,
  leadName: z.string().optional(),
  /** The same name in other languages, if the site has translations of it. */
  leadNames: shortLocalText.optional(),
  ...use,
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
})
export type ManagedDepartment = z.infer<typeof managedDepartment>

/** Response of `GET /api/v1/departments`. */
export const departmentList = z.object({
  /** Sorted by key. */
  departments: z.array(managedDepartment),
  /**
   * Texts by which events, stages or people name departments that are not managed yet, those with the most orders
   * first.
   */
  unmanaged: z.array(z.object({ text: z.string(), ...use })),
  /** Number of all such texts; only the first ones are listed. */
  unmanagedTotal: count,
  /** Calendars that its departments can use. */
  calendars: z.array(z.object({ code: z.string(), name: shortLocalText })),
})
export type DepartmentList = z.infer<typeof departmentList>

/** Response of `GET /api/v1/department-names`: the names of the departments that the caller sees. */
export const departmentNames = z.object({
  departments: z.array(
    z.object({ key: z.string(), name: shortLocalText, aliases: z.array(z.string()), archived: z.boolean() }),
  ),
})
export type DepartmentNames = z.infer<typeof departmentNames>

/** A department as it appears in the configuration of a site: without people. */
export const configuredDepartment = departmentSettings.pick({ name: true, aliases: true, archived: true })
