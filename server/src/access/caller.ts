import { timingSafeEqual } from 'node:crypto'
import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { actions as allActions } from '@stagewatch/shared/domain/access/action.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy, stricterPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { AppError } from '../platform/app-error.ts'
import { sampleSite } from '../platform/site.ts'
import type { ApiKey, ApiKeys } from './api-keys.ts'
import type { TrustedProxies } from '../platform/http/client-address.ts'
import { addressGroup } from '../platform/http/client-address.ts'
import type { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import { isLoopback } from '../platform/http/served-hosts.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'

/** Who calls, for which site, and what they may do there. */
export interface Caller {
  readonly kind: 'person' | 'key' | 'screen' | 'operator' | 'visitor'
  /** What is recorded of who did something: a person's e-mail address, the name of a key or a screen. */
  readonly name: string
  /** Of a person, a screen or a key. */
  readonly id?: string
  /** Of a person. */
  readonly role?: Role
  /** Of a person: they have proven within the last ten minutes who they are. */
  readonly provenRecently?: boolean
  readonly site: string
  readonly actions: ReadonlySet<Action>
  /** The departments whose orders the caller may see; undefined: all. */
  readonly departments?: readonly string[]
  readonly privacy: Privacy
  /** Of a key: the sources whose events it may send; undefined: all. */
  readonly sources?: readonly string[]
}

/** What a request or a socket says of its caller. */
export interface Credentials {
  /** What stands behind `Bearer`. */
  readonly token?: string | undefined
  /** The cookies as they came. */
  readonly cookie?: string | undefined
  /** The site that is asked for; a key or a screen speaks for its own site whatever is asked. */
  readonly site?: string | undefined
  /** Name of the host that was called, without port; undefined: the caller did not say. */
  readonly hostname: string | undefined
  /** A proxy has handed the request on, see `isForwarded`. */
  readonly isForwarded: boolean
  /** Where the call comes from. */
  readonly address: string
}

export interface AccessRules {
  readonly keys: ApiKeys
  readonly failures: FailedAttempts
  /** Whose word on where a request comes from is believed. */
  readonly proxies: TrustedProxies
  /** What commands on this machine prove themselves with. */
  readonly localAdminToken: string
  /** Every site may be read without a key: the server is reached from this machine only. */
  readonly readsOpen: boolean
  /** Site of a caller who names none and shows no key. */
  readonly defaultSite: () => string | Promise<string>
  /** Creates the site that a command names, unless there is one. @throws AppError `invalid_field`. */
  readonly createSite?: (operator: Caller) => Promise<void>
  /** The person whose session the cookies hold, at the site; undefined: nobody is signed in. */
  readonly findPerson?: (cookie: string, site: string | undefined) => Promise<Caller | undefined>
  /** The screen with this token; undefined: there is none, or it was revoked. */
  readonly findScreen?: (token: string) => Promise<Caller | undefined>
}

/** How a screen's token begins, unlike a key. */
export const screenTokenPrefix = 'sws_'

const everything: ReadonlySet<Action> = new Set(allActions)
/** What a screen sees, and what anybody sees where reading is open. */
export const watching: ReadonlySet<Action> = new Set(['board.read'])
const reading: ReadonlySet<Action> = new Set(['board.read', 'numbers.read', 'orders.read'])
const actionsOfScope: Readonly<Record<KeyScope, ReadonlySet<Action>>> = {
  ingest: new Set(['events.append']),
  void: new Set(['events.void']),
  read: reading,
  admin: new Set(allActions.filter((action) => !action.startsWith('events.') && !reading.has(action))),
}

/**
 * Whether the caller may read every site without a key: the server is reached from its own machine only, was called
 * by a loopback name (a page of another origin can make a browser call this machine under a name of its own), and no
 * proxy stands in between.
 */
export function mayReadOpenly(
  { hostname, isForwarded }: Pick<Credentials, 'hostname' | 'isForwarded'>,
  { readsOpen }: Pick<AccessRules, 'readsOpen'>,
): boolean {
  return readsOpen && !isForwarded && hostname !== undefined && isLoopback(hostname)
}

/**
 * @throws AppError `unauthorized` when the token is none, or none is given where one is needed; `rate_limited` when
 * too many of them came from the address.
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
  // Nobody loses by signing in what they could read before.
  if (person !== undefined) return open ? { ...person, actions: reading } : person
  if (!open) throw new AppError('unauthorized', 'sign in, or send a key: Authorization: Bearer <key>')
  return { kind: 'visitor', name: 'visitor', site: asked, actions: reading, privacy: openPrivacy }
}

/** A key cannot be guessed, so a valid one is taken however many wrong ones come from the same address. */
async function findBearer(token: string, address: string, rules: AccessRules): Promise<Caller> {
  const { keys, failures, findScreen } = rules
  const found = token.startsWith(screenTokenPrefix) ? await findScreen?.(token) : callerOfKey(await keys.find(token))
  if (found !== undefined) return found
  const from = addressGroup(address)
  const retryAfterS = failures.waitS(from)
  if (retryAfterS !== undefined) {
    throw new AppError('rate_limited', 'too many unknown keys came from this address', { retryAfterS })
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

/** Takes as long for a wrong secret as for the right one. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What a caller is shown. @param site what the site keeps from everybody but its operator. */
export function audienceOf({ kind, departments, privacy }: Caller, site: Privacy): Audience {
  return { departments, privacy: kind === 'operator' ? privacy : stricterPrivacy(site, privacy) }
}

/**
 * Who manages some departments manages nothing beyond them.
 * @param departments what a role holds for, or is to hold for; undefined: all.
 * @throws AppError `forbidden`
 */
export function requireOwnDepartments(caller: Caller, departments: readonly string[] | undefined): void {
  const { departments: own } = caller
  if (own === undefined) return
  if (departments?.every((department) => own.includes(department)) === true) return
  throw new AppError('forbidden', 'this reaches beyond your departments', { field: 'departments' })
}
