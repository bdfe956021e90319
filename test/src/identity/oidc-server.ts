import { once } from 'node:events'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from '../harness/free-port.ts'
import type { Visitor } from './visitor.ts'

export interface OidcServer {
  readonly issuer: string
  close(): Promise<void>
}

export const client = { id: 'stagewatch', secret: 'a secret between the two servers' } as const

/**
 * A local single sign-on provider that accepts any email address. For `verified-X@…` its `email_verified` claim is X in
 * JSON; for `verified-absent@…` the claim is missing.
 */
export async function openOidcServer(redirectUri: string): Promise<OidcServer> {
  const issuer = `http://127.0.0.1:${await freePort()}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    cookies: { keys: ['for this test only'] },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        email: accountId,
        ...verifiedClaim(accountId),
        name: `Person ${accountId}`,
      }),
    }),
  })
  const answer = provider.callback()
  const server = createServer((request, response) => void answer(request, response))
  server.listen(Number(new URL(issuer).port), '127.0.0.1')
  await once(server, 'listening')
  return {
    issuer,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function verifiedClaim(email: string): { email_verified?: boolean } {
  const [, json] = /^verified-(.+)@/.exec(email) ?? []
  if (json === 'absent') return {}
  return { email_verified: json === undefined ? true : (JSON.parse(json) as boolean) }
}

/**
 * Signs in as a person would: goes to the provider, fills in its forms and comes back.
 * @returns the target of the server's last redirect.
 */
export async function signInThrough(visitor: Visitor, serverUrl: string, email: string): Promise<URL> {
  const body = { provider: 'oidc', callbackURL: '/', errorCallbackURL: '/sign-in' }
  const begun = await visitor.call('/api/auth/sign-in/social', { body })
  let address = new URL((begun.body as { url: string }).url)
  let form: URLSearchParams | undefined
  for (let step = 0; step < 20; step++) {
    const response = await visitor.visit(address.href, form)
    const cameFrom = address
    form = undefined
    const location = response.headers.get('location')
    if (location !== null) address = new URL(location, address)
    else {
      const page = await response.text()
      const [, action] = /action="([^"]+)"/.exec(page) ?? []
      const [, prompt] = /name="prompt" value="([^"]+)"/.exec(page) ?? []
      if (action === undefined || prompt === undefined) throw new Error(`${response.status} ${page}`)
      address = new URL(action, address)
      form = new URLSearchParams({ prompt, login: email, password: 'any' })
    }
    if (cameFrom.origin === serverUrl) return address
  }
  throw new Error('the provider sends in circles')
}
