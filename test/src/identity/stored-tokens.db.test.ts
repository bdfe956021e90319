import { invitationCreated } from '@stagewatch/shared/contract/people.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { tablesWith } from '../harness/tables-with.ts'
import { approve, poll, startPairing } from '../screens/pair-screen.ts'
import { openMailBox, tokenIn } from './mail-box.ts'
import type { MailBox } from './mail-box.ts'
import { administrator, password, startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'

let mailBox: MailBox
let server: PeopledServer

beforeAll(async () => {
  mailBox = await openMailBox()
  const variables = { PUBLIC_URL: 'http://stagewatch.example', ...mailBox.variables }
  server = await startPeopled({ variables })
})
afterAll(async () => {
  await server.close()
  await mailBox.close()
})

const link = z.object({ link: z.string() })
const secondFactor = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()).min(5) })
const paired = z.object({ token: z.string() })

/** What gives its holder access. Each function hands it out, and leaves it usable. */
const handedOut: Readonly<Record<string, () => Promise<string>>> = {
  'the link of the setup': async () => server.server.identity.enrollment.newSetupToken(),
  'the link of an invitation': async () => {
    const body = { email: 'shown@example.com', role: 'viewer' }
    return tokenIn(invitationCreated.parse((await server.ada.call('/api/v1/invitations', { body })).body).link)
  },
  'the mailed link of an invitation': async () => {
    await server.ada.call('/api/v1/invitations', { body: { email: 'mailed@example.com', role: 'viewer' } })
    return tokenIn(await mailBox.next('mailed@example.com'))
  },
  'the mailed link that sets another password': async () => {
    await server.visitor().call('/api/auth/request-password-reset', { body: { email: administrator } })
    return tokenIn(await mailBox.next(administrator))
  },
  'the link of the operator that sets another password': async () => {
    const [person] = await server.database.query<{ id: string }>('select id from users where email = $1', [
      administrator,
    ])
    const options = { method: 'POST', key: server.server.access.localAdminToken }
    return tokenIn(
      link.parse((await server.visitor().call(`/api/v1/people/${person?.id}/reset-link`, options)).body).link,
    )
  },
  'a password': async () => password,
  'a session cookie': async () => {
    const value = /session_token=([^;]+)/.exec(server.ada.cookie)?.[1] ?? ''
    return decodeURIComponent(value)
  },
  'an API key': () => server.createKey(['read']),
  'the code with which a screen asks for its token': async () => (await startPairing(server)).deviceCode,
  'the token of a screen': async () => {
    const key = await server.createKey(['admin'])
    const started = await startPairing(server)
    await approve(server, key, started)
    return paired.parse((await poll(server, started)).body).token
  },
  'the secret of a second factor': async () => {
    const reply = await server.ada.call('/api/auth/two-factor/enable', { body: { password } })
    return new URL(secondFactor.parse(reply.body).totpURI).searchParams.get('secret') ?? ''
  },
  'a backup code of a second factor': async () => {
    const reply = await server.ada.call('/api/auth/two-factor/enable', { body: { password } })
    return secondFactor.parse(reply.body).backupCodes[0] ?? ''
  },
}

it.each(Object.keys(handedOut))('%s is readable in no table', async (name) => {
  const secret = (await handedOut[name]?.()) ?? ''
  expect(secret.length).toBeGreaterThan(8)
  expect(await tablesWith(server.database, secret)).toEqual([])
})

it('a text that a table contains is found there', async () => {
  expect(await tablesWith(server.database, administrator)).toEqual(expect.arrayContaining(['changes', 'users']))
})
