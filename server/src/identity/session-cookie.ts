import { createHmac } from 'node:crypto'
import { sameSecret } from '../access/caller.ts'

/** Maximum lifetime of a session, however much it is used. */
export const longestSessionS = 24 * 3_600

/** Names and attributes of the cookies of better-auth. */
export interface CookieRules {
  /** Prefix of every name; browsers accept `__Host-` only over https, for this host alone. */
  readonly prefix: string
  readonly secure: boolean
}

export function cookieRules(publicUrl: string | undefined): CookieRules {
  const secure = publicUrl?.startsWith('https:') === true
  return { prefix: secure ? '__Host-stagewatch' : 'stagewatch', secure }
}

/** The session cookie in the format of better-auth: the token and, after a dot, its signature. */
export class SessionCookie {
  readonly #name: string
  readonly #secure: boolean
  readonly #secret: string

  constructor({ prefix, secure }: CookieRules, secret: string) {
    this.#name = `${prefix}.session_token`
    this.#secure = secure
    this.#secret = secret
  }

  /** The token in the cookies of a browser; undefined if there is none that this server has signed. */
  read(cookies: string): string | undefined {
    const value = cookieValue(cookies, this.#name)
    const dot = value?.lastIndexOf('.') ?? -1
    if (value === undefined || dot < 1) return undefined
    const token = value.slice(0, dot)
    return sameSecret(value.slice(dot + 1), this.#signature(token)) ? token : undefined
  }

  /** The header that sets the session cookie. */
  write(token: string): string {
    const value = encodeURIComponent(`${token}.${this.#signature(token)}`)
    const secure = this.#secure ? '; Secure' : ''
    return `${this.#name}=${value}; Max-Age=${longestSessionS}; Path=/; HttpOnly; SameSite=Lax${secure}`
  }

  #signature(token: string): string {
    return createHmac('sha256', this.#secret).update(token).digest('base64')
  }
}

/** The decoded value of a cookie; undefined if it is missing or cannot be decoded. */
export function cookieValue(cookies: string, name: string): string | undefined {
  const pair = cookies.split(/; */).find((each) => each.startsWith(`${name}=`))
  return pair === undefined ? undefined : decoded(pair.slice(name.length + 1))
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
