import { createHmac, randomBytes } from 'node:crypto'
import { sameSecret } from '../access/caller.ts'
import { cookieValue } from './session-cookie.ts'
import type { CookieRules } from './session-cookie.ts'

const yearS = 365 * 24 * 3_600

/**
 * The cookie of a browser in which somebody has signed in. It grants no access: it distinguishes the owner of an
 * account from strangers, so that wrong passwords of strangers do not delay the owner.
 */
export class DeviceCookie {
  readonly #name: string
  readonly #secure: boolean
  readonly #secret: string

  constructor({ prefix, secure }: CookieRules, secret: string) {
    this.#name = `${prefix}.device`
    this.#secure = secure
    this.#secret = secret
  }

  /** The device, if this server has signed it for the account; otherwise undefined. */
  read(cookies: string, account: string): string | undefined {
    const [device, signature, ...rest] = cookieValue(cookies, this.#name)?.split('.') ?? []
    if (device === undefined || signature === undefined || rest.length > 0) return undefined
    return sameSecret(signature, this.#signature(device, account)) ? device : undefined
  }

  /** The header that registers the browser as a device of the account. */
  write(account: string): string {
    const device = randomBytes(16).toString('base64url')
    const secure = this.#secure ? '; Secure' : ''
    const value = `${device}.${this.#signature(device, account)}`
    return `${this.#name}=${value}; Max-Age=${yearS}; Path=/; HttpOnly; SameSite=Lax${secure}`
  }

  #signature(device: string, account: string): string {
    return createHmac('sha256', this.#secret).update(`device ${device} ${account}`).digest('base64url')
  }
}
