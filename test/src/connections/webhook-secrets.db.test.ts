import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { doctorReport } from '@stagewatch/shared/contract/admin.ts'
import { deliveryList, webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import type { CallOptions } from '../http/call.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { tablesWith } from '../harness/tables-with.ts'
import { isSignedWith, startReceiver } from './webhook-receiver.ts'
import type { WebhookReceiver } from './webhook-receiver.ts'

const clock = new VirtualClock(Date.parse('2026-11-22T09:00:00+08:00'))
const [firstKey, secondKey] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'))
let database: Database
let receiver: WebhookReceiver
let key: string
let server: StartedServer

beforeAll(async () => {
  database = await openTestDatabase()
  receiver = await startReceiver()
})
afterAll(async () => {
  receiver.close()
  await database.close()
})
beforeEach(async () => {
  await database.query('delete from webhooks')
  await restart(firstKey)
  key = await server.createKey(['admin'])
})
afterEach(() => server.close())

/** Replaces the running server by one with other keys, on the same database. */
async function restart(secretsKey: string | undefined): Promise<void> {
  await server?.close()
  const variables = {
    WEBHOOK_PRIVATE_NETWORKS: 'on',
    ...(secretsKey !== undefined && { SECRETS_KEY: secretsKey }),
  }
  server = await startServer({ clock, database, variables })
}

const api = (path: string, options: CallOptions = {}) => call(`${server.url}/api/v1/${path}`, { key, ...options })
const request = () => ({ name: 'ERP', url: receiver.url, events: ['order.overdue'] })
const create = async () => webhookSecret.parse((await api('webhooks', { body: request() })).body)
const replace = async (id: string) =>
  webhookSecret.parse((await api(`webhooks/${id}/rotate-secret`, { method: 'POST' })).body).secret

/** Sends a test message, and says which of the secrets have signed it. Undefined: it was not sent. */
async function signedBy(id: string, secrets: readonly string[]): Promise<readonly boolean[] | undefined> {
  receiver.received.length = 0
  await api(`webhooks/${id}/test`, { method: 'POST' })
  await server.server.deliveries.runDue()
  const [message] = receiver.received
  return message && secrets.map((secret) => isSignedWith(message, secret))
}

async function checked() {
  const { checks } = doctorReport.parse((await api('admin/doctor')).body)
  return checks.find(({ name }) => name === 'secrets')
}

/** A server instance of an earlier version says that it is running. */
const reportOlder = () =>
  database.query(`insert into server_instances (id, version, newest_migration) values ('older', '0.0.9', 1)`)
const endOlder = () => database.query(`delete from server_instances where id = 'older'`)

/** As versions stored it that did not encrypt. */
const storeReadable = (id: string, secret: string) =>
  database.query(`update webhooks set secret = $2, previous_secret = null, sealed = null where id = $1`, [id, secret])

const made = `whsec_${Buffer.alloc(24, 7).toString('base64')}`

describe('the secret of a webhook', () => {
  it('is readable in no table, nor is the one that it replaces, and both sign', async () => {
    const { id, secret } = await create()
    const next = await replace(id)
    expect(await signedBy(id, [secret, next])).toEqual([true, true])
    for (const one of [secret, next]) expect(await tablesWith(database, one.slice('whsec_'.length))).toEqual([])
    expect(await checked()).toMatchObject({ ok: true, message: expect.stringContaining('1 webhook are') as string })
  })

  it('that is readable since before secrets were encrypted signs, and is encrypted', async () => {
    const { id } = await create()
    await storeReadable(id, made)
    expect(await tablesWith(database, made)).toEqual(['webhooks'])
    expect(await signedBy(id, [made])).toEqual([true])
    expect(await checked()).toMatchObject({ ok: false, message: expect.stringContaining('ERP') as string })
    await server.server.webhooks.sealSecrets()
    expect(await tablesWith(database, made)).toEqual([])
    expect(await signedBy(id, [made])).toEqual([true])
    expect(await checked()).toMatchObject({ ok: true })
  })

  it('stays readable until the last instance of an earlier version has ended, which could not decrypt it', async () => {
    await reportOlder()
    const { id, secret } = await create()
    const next = await replace(id)
    await server.server.webhooks.sealSecrets()
    // What an earlier version reads.
    const stored = await database.query('select secret, previous_secret as previous from webhooks where id = $1', [id])
    expect(stored).toEqual([{ secret: next, previous: secret }])
    expect(await signedBy(id, [secret, next])).toEqual([true, true])
    await endOlder()
    await server.server.webhooks.sealSecrets()
    for (const one of [secret, next]) expect(await tablesWith(database, one)).toEqual([])
    expect(await signedBy(id, [secret, next])).toEqual([true, true])
  })

  it('that an instance of an earlier version has replaced is the one that signs', async () => {
    const { id, secret } = await create()
    await database.query(
      `update webhooks set previous_secret = secret, previous_until = now() + interval '1 day', secret = $2 where id = $1`,
      [id, made],
    )
    expect(await signedBy(id, [secret, made])).toEqual([false, true])
    await server.server.webhooks.sealSecrets()
    expect(await signedBy(id, [secret, made])).toEqual([false, true])
  })
})

describe('the key that encrypts the secrets of webhooks', () => {
  it('can be replaced', async () => {
    const { id, secret } = await create()
    await restart(`${secondKey},${firstKey}`)
    const operator = server.server.access.localAdminToken
    const rotated = await api('admin/secrets/rotate', { method: 'POST', key: operator })
    expect(rotated).toMatchObject({ status: 200, body: { resealed: 1 } })
    await restart(secondKey)
    expect(await signedBy(id, [secret])).toEqual([true])
  })

  it('is missed by the messages and by doctor when it is lost, until the secret is replaced', async () => {
    const { id, secret } = await create()
    await restart(secondKey)
    expect(await signedBy(id, [secret])).toBeUndefined()
    const { deliveries } = deliveryList.parse((await api(`webhooks/${id}/deliveries`)).body)
    expect(deliveries).toMatchObject([
      { state: 'pending', lastError: expect.stringContaining('SECRETS_KEY') as string },
    ])
    expect(await checked()).toMatchObject({ ok: false, message: expect.stringContaining('of ERP') as string })
    const operator = server.server.access.localAdminToken
    const rotate = () => api('admin/secrets/rotate', { method: 'POST', key: operator })
    expectProblem(await rotate(), 409, 'conflict')
    const next = await replace(id)
    expect(await signedBy(id, [secret, next])).toEqual([false, true])
    expect(await rotate()).toMatchObject({ status: 200 })
    expect(await checked()).toMatchObject({ ok: true })
  })

  it('is required to create a webhook and to replace a secret, and not to use those that are readable', async () => {
    const { id } = await create()
    await storeReadable(id, made)
    await restart(undefined)
    expectProblem(await api('webhooks', { body: request() }), 409, 'secrets_key_missing')
    expectProblem(await api(`webhooks/${id}/rotate-secret`, { method: 'POST' }), 409, 'secrets_key_missing')
    await server.server.webhooks.sealSecrets()
    expect(await signedBy(id, [made])).toEqual([true])
    expect(await checked()).toMatchObject({ ok: false, message: expect.stringContaining('set SECRETS_KEY') as string })
  })
})
