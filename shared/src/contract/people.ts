import { z } from 'zod'
import { password, role } from './me.ts'
import { visibleName } from './visible-name.ts'

/** Of a membership: the departments that the role holds for. Undefined: all. */
const departments = z.array(z.string().min(1).max(200)).min(1).max(100).optional()

/** The body of `PUT /api/v1/people/:id`: what somebody may do at the site. */
export const membership = z.strictObject({ role, departments })
export type Membership = z.infer<typeof membership>

/** Somebody at the site. */
export const person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  departments,
  twoFactor: z.boolean(),
  /** Epoch ms; undefined: the account is enabled. */
  disabledAt: z.int().optional(),
  /** Epoch ms; undefined: never. */
  lastSeenAt: z.int().optional(),
  /** Of role and departments; belongs into `If-Match` of whoever changes them. */
  version: z.string(),
})

/** Somebody who was asked to come and has not come yet. */
const invitation = z.object({
  id: z.string(),
  email: z.string(),
  role,
  departments,
  invitedBy: z.string(),
  /** Epoch ms. */
  expiresAt: z.int(),
})

/** The answer of `GET /api/v1/people`. */
export const peopleList = z.object({ people: z.array(person), invitations: z.array(invitation) })
export type PeopleList = z.infer<typeof peopleList>

/** The body of `POST /api/v1/invitations`. */
export const invitationRequest = z.strictObject({ email: z.email().max(200), role, departments })

/** `link` leads to the page that accepts; it is shown once, because not every installation can send mail. */
export const invitationCreated = z.object({ invitation, link: z.string(), mailed: z.boolean() })
export type InvitationCreated = z.infer<typeof invitationCreated>

/** The body of `POST /api/v1/invitations/accept`; name and password of somebody who has no account yet. */
export const invitationAcceptance = z.strictObject({
  token: z.string().min(20).max(200),
  name: visibleName(100).optional(),
  password: password.optional(),
})

/** The answer of `POST /api/v1/people/:id/reset-link`, which only commands on the server's machine may call. */
export const resetLink = z.object({ link: z.string() })
export type ResetLink = z.infer<typeof resetLink>

/** The answer of what ends something: a membership, an invitation, a key. */
export const ended = z.object({ id: z.string() })
