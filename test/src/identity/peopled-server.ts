import type { Membership } from '@stagewatch/shared/contract/people.ts'
import { invitationCreated } from '@stagewatch/shared/contract/people.ts'
import { expect } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { tokenIn } from './mail-box.ts'
import { newVisitor } from './visitor.ts'
import type { Visitor } from './visitor.ts'

export const password = 'correct horse battery'
export const administrator = 'ada@example.com'

export interface PeopledServer extends StartedServer {
  /** Signed in as the administrator of the main site. */
  readonly ada: Visitor
  visitor(): Visitor
  /** Adds a new member who has accepted an invitation and is signed in. */
  join(email: string, membership: Membership): Promise<Visitor>
  /** Actions and subjects of the audit log, newest first. */
  recorded(site?: string): Promise<string[]>
}

/** Starts a server whose setup is complete. */
export async function startPeopled(options: Parameters<typeof startServer>[0] = {}): Promise<PeopledServer> {
  const server = await startServer(options)
  const ada = newVisitor(server.url)
  const token = await server.server.identity.enrollment.newSetupToken()
  const reply = await ada.call('/api/v1/setup', { body: { token, name: 'Ada', email: administrator, password } })
  expect(reply).toMatchObject({ status: 200, body: { site: 'main' } })
  return {
    ...server,
    ada,
    visitor: () => newVisitor(server.url),
    async join(email, membership) {
      const invited = await ada.call('/api/v1/invitations', { body: { email, ...membership } })
      const { link } = invitationCreated.parse(invited.body)
      const visitor = newVisitor(server.url)
      const [name = ''] = email.split('@')
      const body = { token: tokenIn(link), name, password }
      expect(await visitor.call('/api/v1/invitations/accept', { body })).toMatchObject({ status: 200 })
      return visitor
    },
    async recorded(site = 'main') {
      const rows = await server.database.query<{ text: string }>(
        `select actor || ' ' || action || ' ' || subject as text from changes where site = $1 order by id desc`,
        [site],
      )
      return rows.map(({ text }) => text)
    },
  }
}
