import { timingSafeEqual } from 'node:crypto'
import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { actions as allActions, type Action, type Role } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy, stricterPrivacy, type Privacy, type Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { AppError } from '../platform/app-error.ts'
import { sampleSite } from '../platform/site.ts'
import type { ApiKey, ApiKeys } from './api-keys.ts'
import type { TrustedProxies } from '../platform/http/client-address.ts'
import { addressGroup } from '../platform/http/client-address.ts'
import type { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import { isLoopback } from '../platform/http/served-hosts.ts'

/** Who is calling, for which site, and with which permissions. */
export interface Caller {
  readonly kind: 'person' | 'key' | 'screen' | 'operator' | 'visitor'
  /** The recorded name: a person's e-mail address, or the name of a key or a screen. */
  readonly name: string
  /** Id of a person, a screen or a key. */
  readonly id?: string
  /** Only for a person. */
  readonly role?: Role
  /** Only for a person: they have confirmed their identity within the last ten minutes. */
  readonly provenRecently?: boolean
  readonly site: string
  readonly actions: ReadonlySet<Action>
  /** The departments whose orders the caller may see; undefined means all. */
  readonly departments?: readonly string[]
  readonly privacy: Privacy
  /** Only for a key: the sources whose events it may send; undefined means all. */
  readonly sources?: readonly string[]
}

/** The credentials in a request or a socket handshake. */
export interface Credentials {
  /** The token after `Bearer`. */
  readonly token?: string | undefined
  /** The raw `Cookie` header. */
  readonly cookie?: string | undefined
  /** The requested site; a key or a screen always belongs to its own site. */
  readonly site?: string | undefined
  /** Name of the requested host, without port; undefined if the caller did not send one. */
  readonly hostname: string | undefined
  /** A proxy has forwarded the request, see `isForwarded`. */
  readonly isForwarded: boolean
  /** Address of the caller. */
  readonly address: string
}

export interface AccessRules {
  readonly keys: Pick<ApiKeys, 'find'>
  readonly failures: FailedAttempts
  /** The proxies whose forwarding headers are trusted. */
  readonly proxies: TrustedProxies
  /** The token with which commands on this machine authenticate. */
  readonly localAdminToken: string
  /** Every site may be read without a key, because the server can be reached from this machine only. */
  readonly readsOpen: boolean
  /** Site of a caller that names none and sends no key. */
  readonly defaultSite: () => string | Promise<string>
  /** Creates the site that a command names, if it does not exist. @throws AppError `invalid_field`. */
  readonly createSite?: (operator: Caller) => Promise<void>
  /** The person whose session the cookies hold, at the site; undefined if nobody is signed in. */
  readonly findPerson?: (cookie: string, site: string | undefined) => Promise<Caller | undefined>
  /** The screen with this token; undefined if there is none, or it was revoked. */
  readonly findScreen?: (token: string) => Promise<Caller | undefined>
}

/** Prefix of a screen's token, which distinguishes it from a key. */
export const screenTokenPrefix = 'sws_'

const everything: ReadonlySet<Action> = new Set(allActions)
/** Permissions of a screen, and of any caller where reading is open. */
export const watching: ReadonlySet<Action> = new Set(['board.read'])
const reading: ReadonlySet<Action> = new Set(['board.read', 'numbers.read', 'orders.read'])
const actionsOfScope: Readonly<Record<KeyScope, ReadonlySet<Action>>> = {
  ingest: new Set(['events.append']),
  void: new Set(['events.void']),
  read: reading,
  admin: new Set(allActions.filter((action) => !action.startsWith('events.') && !reading.has(action))),
}

/**
 * Whether the caller may read every site without a key: the server can be reached from its own machine only, the
 * request used a loopback name (a page of another origin can make a browser call this machine under its own name), and
 * no proxy is in between.
 */
export function mayReadOpenly(
  { hostname, isForwarded }: Pick<Credentials, 'hostname' | 'isForwarded'>,
  { readsOpen }: Pick<AccessRules, 'readsOpen'>,
): boolean {
  return readsOpen && !isForwarded && hostname !== undefined && isLoopback(hostname)
}

/**
 * @throws AppError `unauthorized` when the token is invalid, or missing where one is required; `rate_limited` after too
 * many invalid tokens from the address.
 */
export async function identifyCaller(credentials: Credentials, rules: AccessRules): Promise<Caller> {
  const { token, cookie, site, address } = credentials
  if (token !== undefined) {
    if (sameSecret(token, rules.localAdminToken)) {
      const named = site ?? (await rules.defaultSite())
      return { kind: 'operator', name: 'operator', site: named, actions: everything, privacy: openPrivacy }
    }
    return findBearer(token, address, rules)
  }
  const person = cookie === undefined ? undefined : await rules.findPerson?.(cookie, site)
  if (person?.role !== undefined) return person
  const asked = person?.site ?? site ?? (await rules.defaultSite())
  const open = asked === sampleSite || mayReadOpenly(credentials, rules)
  // Signing in must not take away read access.
  if (person !== undefined) return open ? { ...person, actions: reading } : person
  if (!open) throw new AppError('unauthorized', 'sign in, or send a key: Authorization: Bearer <key>')
  return { kind: 'visitor', name: 'visitor', site: asked, actions: reading, privacy: openPrivacy }
}

/** A key cannot be guessed, so a valid one is accepted even after many invalid ones from the same address. */
async function findBearer(token: string, address: string, rules: AccessRules): Promise<Caller> {
  const { keys, failures, findScreen } = rules
  const found = token.startsWith(screenTokenPrefix) ? await findScreen?.(token) : callerOfKey(await keys.find(token))
  if (found !== undefined) return found
  const from = addressGroup(address)
  const retryAfterS = failures.waitS(from)
  if (retryAfterS !== undefined) {
    throw new AppError('rate_limited', 'too many requests with unknown keys from this address', { retryAfterS })
  }
  failures.add(from)
  throw new AppError('unauthorized', 'the key is unknown or was revoked')
}

function callerOfKey(key: ApiKey | undefined): Caller | undefined {
  if (key === undefined) return undefined
  const { id, name, site, scopes, sources } = key
  const actions = new Set(scopes.flatMap((scope) => [...actionsOfScope[scope]]))
  return { kind: 'key', id, name, site, actions, privacy: openPrivacy, ...(sources !== null && { sources }) }
}

/** @throws AppError `unauthorized` or `forbidden`. */
export function requireAction({ kind, actions }: Caller, action: Action): void {
  if (actions.has(action)) return
  if (kind === 'visitor') throw new AppError('unauthorized', 'sign in, or send a key: Authorization: Bearer <key>')
  throw new AppError('forbidden', `this ${kind} may not do that: ${action}`)
}

/** Constant-time comparison. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The data that a caller may see. @param site what the site hides from everybody but its operator. */
export function audienceOf({ kind, departments, privacy }: Caller, site: Privacy): Audience {
  return { departments, privacy: kind === 'operator' ? privacy : stricterPrivacy(site, privacy) }
}

/**
 * A caller who manages some departments may not manage anything beyond them.
 * @param departments the current or future scope of a role; undefined means all.
 * @throws AppError `forbidden`
 */
export function requireOwnDepartments(caller: Caller, departments: readonly string[] | undefined): void {
  const { departments: own } = caller
  if (own === undefined) return
  if (departments?.every((department) => own.includes(department)) === true) return
  throw new AppError('forbidden', 'this is outside your departments', { field: 'departments' })
}
