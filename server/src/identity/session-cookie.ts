import { createHmac } from 'node:crypto'
import { sameSecret } from '../access/caller.ts'

/** A session ends so long after it began, however much it is used. */
export const longestSessionS = 24 * 3_600

/** How the cookies of better-auth are named and kept. */
export interface CookieRules {
  /** Begins every name; browsers take `__Host-` only from https, for this host alone. */
  readonly prefix: string
  readonly secure: boolean
}

export function cookieRules(publicUrl: string | undefined): CookieRules {
  const secure = publicUrl?.startsWith('https:') === true
  return { prefix: secure ? '__Host-stagewatch' : 'stagewatch', secure }
}

/** The cookie of a session in the form of better-auth: the token and, behind a dot, its signature. */
export class SessionCookie {
  readonly #name: string
  readonly #secure: boolean
  readonly #secret: string

  constructor({ prefix, secure }: CookieRules, secret: string) {
    this.#name = `${prefix}.session_token`
    this.#secure = secure
    this.#secret = secret
  }

  /** The token in what a browser sent; undefined: there is none that this server has signed. */
  read(cookies: string): string | undefined {
    const value = cookieValue(cookies, this.#name)
    const dot = value?.lastIndexOf('.') ?? -1
    if (value === undefined || dot < 1) return undefined
    const token = value.slice(0, dot)
    return sameSecret(value.slice(dot + 1), this.#signature(token)) ? token : undefined
  }

  /** The header that gives a browser the session. */
  write(token: string): string {
    const value = encodeURIComponent(`${token}.${this.#signature(token)}`)
    const secure = this.#secure ? '; Secure' : ''
    return `${this.#name}=${value}; Max-Age=${longestSessionS}; Path=/; HttpOnly; SameSite=Lax${secure}`
  }

  #signature(token: string): string {
    return createHmac('sha256', this.#secret).update(token).digest('base64')
  }
}

/** What a browser sent under the name, decoded; undefined: nothing that can be. */
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
