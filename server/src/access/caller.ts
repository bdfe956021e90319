import { timingSafeEqual } from 'node:crypto'
import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { actions as allActions } from '@stagewatch/shared/domain/access/action.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { AppError } from '../app-error.ts'
import { sampleSite } from '../sites/site.ts'
import type { ApiKey, ApiKeys } from './api-keys.ts'
import type { FailedAttempts } from './failed-attempts.ts'

/** Who calls, for which site, and what they may do there. */
export interface Caller {
  readonly kind: 'person' | 'key' | 'screen' | 'operator' | 'visitor'
  /** What is recorded of who did something: a person's e-mail address, the name of a key or a screen. */
  readonly name: string
  /** Of a person or a screen. */
  readonly id?: string
  /** Of a person. */
  readonly role?: Role
  readonly site: string
  readonly actions: ReadonlySet<Action>
  /** The departments whose orders the caller may see; undefined: all. */
  readonly departments?: readonly string[]
  readonly privacy: Privacy
}

/** What a request or a socket says of its caller. */
export interface Credentials {
  /** What stands behind `Bearer`. */
  readonly token?: string | undefined
  /** The cookies as they came. */
  readonly cookie?: string | undefined
  /** The site that is asked for; a key or a screen speaks for its own site whatever is asked. */
  readonly site?: string | undefined
  /** Name of the host that was called, without port. */
  readonly hostname: string
  /** Where the call comes from. */
  readonly address: string
}

export interface AccessRules {
  readonly keys: ApiKeys
  readonly failures: FailedAttempts
  /** What commands on this machine prove themselves with. */
  readonly operatorToken: string
  /** Every site may be read without a key: the server is reached from this machine only. */
  readonly readsOpen: boolean
  /** Site of a caller who names none and shows no key. */
  readonly defaultSite: () => string | Promise<string>
  /** The person whose session the cookies hold, at the site; undefined: nobody is signed in. */
  readonly findPerson?: (cookie: string, site: string | undefined) => Promise<Caller | undefined>
  /** The screen with this token; undefined: there is none, or it was revoked. */
  readonly findScreen?: (token: string) => Promise<Caller | undefined>
  /** Whether there was a screen with this token when it was last looked for. */
  readonly knowsScreen?: (token: string) => boolean
}

/** How a screen's token begins, unlike a key. */
export const screenTokenPrefix = 'sws_'

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])
const everything: ReadonlySet<Action> = new Set(allActions)
/** What a screen sees, and what anybody sees where reading is open. */
export const watching: ReadonlySet<Action> = new Set(['board.read'])
const reading: ReadonlySet<Action> = new Set(['board.read', 'numbers.read', 'orders.read'])
const actionsOfScope: Readonly<Record<KeyScope, ReadonlySet<Action>>> = {
  ingest: new Set(['events.append']),
  read: reading,
  admin: new Set(allActions.filter((action) => action !== 'events.append' && !reading.has(action))),
}

export function isLoopback(hostname: string): boolean {
  return loopbackNames.has(hostname)
}

/**
 * @throws AppError `unauthorized` when the token is none, or none is given where one is needed; `rate_limited` when
 * too many of them came from the address.
 */
export async function identifyCaller(credentials: Credentials, rules: AccessRules): Promise<Caller> {
  const { token, cookie, site, hostname, address } = credentials
  if (token !== undefined) {
    if (sameSecret(token, rules.operatorToken)) {
      const named = site ?? (await rules.defaultSite())
      return { kind: 'operator', name: 'operator', site: named, actions: everything, privacy: openPrivacy }
    }
    return findBearer(token, address, rules)
  }
  const person = cookie === undefined ? undefined : await rules.findPerson?.(cookie, site)
  if (person !== undefined) return person
  const asked = site ?? (await rules.defaultSite())
  // A page of another origin can make a browser call this machine under a name of its own: the name tells.
  const open = asked === sampleSite || (rules.readsOpen && isLoopback(hostname))
  if (!open) throw new AppError('unauthorized', 'sign in, or send a key: Authorization: Bearer <key>')
  return { kind: 'visitor', name: 'visitor', site: asked, actions: reading, privacy: openPrivacy }
}

/** Keys that have been used here before go on working beside somebody behind the same address who guesses. */
async function findBearer(token: string, address: string, rules: AccessRules): Promise<Caller> {
  const { keys, failures, findScreen, knowsScreen } = rules
  const retryAfterS = failures.waitS(address)
  if (retryAfterS !== undefined && !keys.hasBeenUsed(token) && knowsScreen?.(token) !== true) {
    throw new AppError('rate_limited', 'too many unknown keys came from this address', { retryAfterS })
  }
  const found = token.startsWith(screenTokenPrefix) ? await findScreen?.(token) : callerOfKey(await keys.find(token))
  if (found !== undefined) return found
  failures.add(address)
  throw new AppError('unauthorized', 'the key is unknown or was revoked')
}

function callerOfKey(key: ApiKey | undefined): Caller | undefined {
  if (key === undefined) return undefined
  const { name, site, scopes } = key
  const actions = new Set(scopes.flatMap((scope) => [...actionsOfScope[scope]]))
  return { kind: 'key', name, site, actions, privacy: openPrivacy }
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
