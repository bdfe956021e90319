import { call } from '../http/call.ts'
import type { CallOptions, Reply } from '../http/call.ts'

/** A person with a browser: it stores cookies and sends its origin. */
export interface Visitor {
  /** The cookie header that the browser would send now. */
  readonly cookie: string
  /** @param path starts with a slash. */
  call(path: string, options?: CallOptions): Promise<Reply>
  signIn(email: string, password: string): Promise<Reply>
  /** Requests an address, which may belong to another server, without following redirects. */
  visit(address: string, body?: URLSearchParams): Promise<Response>
}

export function newVisitor(url: string): Visitor {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (address: string) => {
    const { host } = new URL(address)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    return jar
  }
  const cookiesFor = (address: string) => [...jarOf(address)].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (address: string, headers: Headers) => {
    for (const header of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (value === '' || /max-age=0/i.test(header)) jarOf(address).delete(name)
      else jarOf(address).set(name, value)
    }
  }
  const visitor: Visitor = {
    get cookie() {
      return cookiesFor(url)
    },
    async call(path, options = {}) {
      const cookie = cookiesFor(url)
      const headers = { origin: url, ...(cookie !== '' && { cookie }), ...options.headers }
      const reply = await call(`${url}${path}`, { ...options, headers })
      keep(url, reply.headers)
      return reply
    },
    signIn: (email, password) => visitor.call('/api/auth/sign-in/email', { body: { email, password } }),
    async visit(address, body) {
      const cookie = cookiesFor(address)
      const headers = { ...(cookie !== '' && { cookie }) }
      const sent = body === undefined ? {} : { method: 'POST', body }
      const response = await fetch(address, { redirect: 'manual', headers, ...sent })
      keep(address, response.headers)
      return response
    },
  }
  return visitor
}
