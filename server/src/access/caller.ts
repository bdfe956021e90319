import { timingSafeEqual } from 'node:crypto'
import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { AppError } from '../app-error.ts'
import { sampleSite } from '../sites/site.ts'
import type { ApiKeys } from './api-keys.ts'
import type { FailedAttempts } from './failed-attempts.ts'

/** Who calls, for which site, and what they may do there. */
export interface Caller {
  readonly name: string
  readonly site: string
  readonly scopes: readonly KeyScope[]
}

/** What a request or a socket says of its caller. */
export interface Credentials {
  /** What stands behind `Bearer`. */
  readonly token?: string | undefined
  /** The site that is asked for; a key speaks for its own site whatever is asked. */
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
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

export function isLoopback(hostname: string): boolean {
  return loopbackNames.has(hostname)
}

/**
 * @throws AppError `unauthorized` when the token is none, or none is given where one is needed; `rate_limited` when
 * too many of them came from the address.
 */
export async function identifyCaller(credentials: Credentials, rules: AccessRules): Promise<Caller> {
  const { token, site, hostname, address } = credentials
  if (token !== undefined) {
    if (sameSecret(token, rules.operatorToken)) {
      return { name: 'operator', site: site ?? (await rules.defaultSite()), scopes: ['ingest', 'read', 'admin'] }
    }
    return findKey(token, address, rules)
  }
  const asked = site ?? (await rules.defaultSite())
  // A page of another origin can make a browser call this machine under a name of its own: the name tells.
  const open = asked === sampleSite || (rules.readsOpen && isLoopback(hostname))
  if (!open) throw new AppError('unauthorized', 'a key is needed: Authorization: Bearer <key>')
  return { name: 'visitor', site: asked, scopes: ['read'] }
}

/** Keys that have been used here before go on working beside somebody behind the same address who guesses. */
async function findKey(token: string, address: string, { keys, failures }: AccessRules): Promise<Caller> {
  const retryAfterS = failures.waitS(address)
  if (retryAfterS !== undefined && !keys.hasBeenUsed(token)) {
    throw new AppError('rate_limited', 'too many unknown keys came from this address', { retryAfterS })
  }
  const key = await keys.find(token)
  if (key !== undefined) return key
  failures.add(address)
  throw new AppError('unauthorized', 'the key is unknown or was revoked')
}

/** @throws AppError `unauthorized` or `forbidden`. */
export function requireScope(caller: Caller, scope: KeyScope): void {
  if (caller.scopes.includes(scope)) return
  if (caller.name === 'visitor') throw new AppError('unauthorized', 'a key is needed: Authorization: Bearer <key>')
  throw new AppError('forbidden', `the key has no scope ${scope}`)
}

/** Takes as long for a wrong secret as for the right one. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
