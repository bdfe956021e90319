import { z } from 'zod'
import { actions } from '../domain/access/action.ts'
import { roles } from '../domain/access/role.ts'
import { localText } from './local-text.ts'
import { failing } from './field-issue.ts'
import { privacy } from './privacy.ts'
import { visibleName } from './visible-name.ts'

export const role = z.enum(roles)

/** The answer of `GET /api/v1/me`: who calls, and what they may do at the site. */
export const me = z.object({
  kind: z.enum(['person', 'key', 'screen', 'operator', 'visitor']),
  /** Of a person: the account, which keeps its id when name and address change. */
  id: z.string().optional(),
  name: z.string(),
  /** Of a person. */
  email: z.string().optional(),
  /** A person has a second factor. */
  twoFactor: z.boolean().optional(),
  site: z.string(),
  /** Of a person at this site. */
  role: role.optional(),
  /** Undefined: all. */
  departments: z.array(z.string()).optional(),
  actions: z.array(z.enum(actions)),
  privacy,
  /** Where the caller may go. `timeZone`: IANA, the one of the site's days. */
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

/** The answer of `GET /api/v1/sign-in`: what somebody who is not signed in needs to know. */
export const signInOptions = z.object({
  /** Nobody has been set up yet: the link that was printed at start leads on. */
  needsSetup: z.boolean(),
  /** Name of the single sign-on provider, if one is configured. */
  singleSignOn: z.string().optional(),
  /** A forgotten password can be reset by mail. */
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

/** The body of `POST /api/v1/setup`. @see signInOptions */
export const setupRequest = z.strictObject({
  token: z.string().min(20).max(200),
  name: visibleName(100),
  email: z.email().max(200),
  password,
})

/** The body of `PUT /api/v1/me`. */
export const meChange = z.strictObject({ name: visibleName(100) })

/** The body of `POST /api/v1/me/confirm`: that it is still the person who signed in. */
export const confirmation = z.union([
  z.strictObject({ password: z.string().min(1).max(128) }),
  /** Of the second factor. */
  z.strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') }),
])

/** The body of `POST /api/v1/sample/enter`. */
export const sampleEntry = z.strictObject({ role })

/** The answer of what signs somebody in, beside the cookie of the session: where they may go. */
export const signedIn = z.object({ site: z.string() })
