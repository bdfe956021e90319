import { z } from 'zod'
import { password, role } from './me.ts'
import { visibleName, translations } from './names.ts'

/** Departments to which the role of a membership is restricted. Undefined: all. */
const departments = z.array(z.string().min(1).max(200)).min(1).max(100).optional()

/** Request body of `PUT /api/v1/people/:id`: the permissions of a person at the site. */
export const membership = z.strictObject({ role, departments })
export type Membership = z.infer<typeof membership>

/** A person at the site. */
export const person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  departments,
  twoFactor: z.boolean(),
  /** Epoch ms. Undefined: the account is enabled. */
  disabledAt: z.int().optional(),
  /** Epoch ms. Undefined: never. */
  lastSeenAt: z.int().optional(),
  /** Version of role and departments; sent as `If-Match` when changing them. */
  version: z.string(),
})

/** A pending invitation. */
const invitation = z.object({
  id: z.string(),
  email: z.string(),
  role,
  departments,
  invitedBy: z.string(),
  /** Epoch ms. */
  expiresAt: z.int(),
})

/** Response of `GET /api/v1/people`. */
export const peopleList = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  people: z.array(person),
  invitations: z.array(invitation),
})
export type PeopleList = z.infer<typeof peopleList>

/** Request body of `POST /api/v1/invitations`. */
export const invitationRequest = z.strictObject({ email: z.email().max(200), role, departments })

/**
 * `link` leads to the page that accepts the invitation; it is returned only here, because not every installation can
 * send e-mail.
 */
export const invitationCreated = z.object({ invitation, link: z.string(), mailed: z.boolean() })
export type InvitationCreated = z.infer<typeof invitationCreated>

/** Request body of `POST /api/v1/invitations/accept`; name and password are for people without an account. */
export const invitationAcceptance = z.strictObject({
  token: z.string().min(20).max(200),
  name: visibleName(100).optional(),
  password: password.optional(),
})

/** Response of `POST /api/v1/people/:id/reset-link`, which only commands on the server's machine may call. */
export const resetLink = z.object({ link: z.string() })
export type ResetLink = z.infer<typeof resetLink>

/** Response when something is ended: a membership, an invitation, a key. */
export const ended = z.object({ id: z.string() })
