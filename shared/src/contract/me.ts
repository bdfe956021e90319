import { z } from 'zod'
import { actions, roles } from '../domain/access/action.ts'
import { languages } from '../domain/locales.ts'
import { localText, visibleName } from './names.ts'
import { failing } from './field-issue.ts'
import { privacy } from './privacy.ts'

export const role = z.enum(roles)

/** Response of `GET /api/v1/me`: the identity of the caller, and their permissions at the site. */
export const me = z.object({
  kind: z.enum(['person', 'key', 'screen', 'operator', 'visitor']),
  /** For a person: the id of the account, which does not change when name and address do. */
  id: z.string().optional(),
  name: z.string(),
  /** The name in other languages, if the site has translations of it. */
  names: localText.optional(),
  /** For a person. */
  email: z.string().optional(),
  /** Whether the person has a second factor. */
  twoFactor: z.boolean().optional(),
  /** Language that the person has chosen for all devices. */
  language: z.enum(languages).optional(),
  /** Time zone that the person has chosen for all devices, IANA name. */
  timeZone: z.string().optional(),
  site: z.string(),
  /** Role of the person at this site. */
  role: role.optional(),
  /** Undefined: all departments. */
  departments: z.array(z.string()).optional(),
  actions: z.array(z.enum(actions)),
  privacy,
  /** Sites that the caller may access. `timeZone`: IANA name, defines the days of the site. */
  sites: z.array(
    z.object({
      code: z.string(),
      name: localText,
      timeZone: z.string(),
      sample: z.boolean(),
      role: role.optional(),
    }),
  ),
})

export type Me = z.infer<typeof me>

/** Response of `GET /api/v1/sign-in`: what the sign-in page needs to know. */
export const signInOptions = z.object({
  /** No account exists yet: setup continues with the link that was printed at start. */
  needsSetup: z.boolean(),
  /** Name of the single sign-on provider, if one is configured. */
  singleSignOn: z.string().optional(),
  /** Forgotten passwords can be reset by e-mail. */
  mail: z.boolean(),
  /** Roles in which the sample may be entered without a password; empty outside the sample mode. */
  sampleRoles: z.array(role),
})

export type SignInOptions = z.infer<typeof signInOptions>

/** At most 128 bytes in UTF-8. */
export const password = z
  .string()
  .min(10)
  .max(128)
  .refine(
    (text) => new TextEncoder().encode(text).length <= 128,
    failing('too_long', 'must be at most 128 bytes long', 128),
  )

/** Request body of `POST /api/v1/setup`. @see signInOptions */
export const setupRequest = z.strictObject({
  token: z.string().min(20).max(200),
  name: visibleName(100),
  email: z.email().max(200),
  password,
})

/** Request body of `PUT /api/v1/me/language`. */
export const languageChoice = z.strictObject({ language: z.enum(languages) })

/** Request body of `PUT /api/v1/me`. */
export const meChange = z.strictObject({ name: visibleName(100) })

/** Request body of `POST /api/v1/me/confirm`: proves that the person who signed in is still present. */
export const confirmation = z.union([
  z.strictObject({ password: z.string().min(1).max(128) }),
  /** From the second factor. */
  z.strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') }),
])

/** Request body of `POST /api/v1/sample/enter`. */
export const sampleEntry = z.strictObject({ role })

/** Response of requests that sign somebody in, beside the session cookie: the site to open. */
export const signedIn = z.object({ site: z.string() })
