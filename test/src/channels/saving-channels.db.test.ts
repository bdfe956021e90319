import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { refusedHosts } from '@stagewatch/server/connections/testing/refused-hosts.ts'
import { doctorReport } from '@stagewatch/shared/contract/admin.ts'
import { channel } from '@stagewatch/shared/contract/channels.ts'
import { describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { startServer } from '../harness/start-server.ts'
import { requestsFor } from './fake-providers.ts'

const sms = { secretId: 'i', sdkAppId: 'a', signName: 's', templateId: 't', endpoint: 'https://8.8.8.8/' }
const secretsKey = Buffer.alloc(32, 9).toString('base64')

describe('saving a channel', () => {
  it('names the field that is missing or wrong', async () => {
    const server = await startServer({ variables: { SECRETS_KEY: secretsKey, WEBHOOK_PRIVATE_NETWORKS: 'on' } })
    const admin = await server.createKey(['admin'])
    const api = (path: string, options: object) => call(`${server.url}/api/v1/${path}`, { key: admin, ...options })
    const save = (body: object) => api('channels', { body: { name: 'x', settings: {}, ...body } })
    const { slack, teams } = requestsFor('http://127.0.0.1:1')
    expect((await save({ kind: 'slack' })).body).toMatchObject({
      details: [{ field: 'secrets.url', reason: 'missing' }],
    })
    expect((await save({ kind: 'pager', secrets: {} })).body).toMatchObject({ code: 'invalid_field' })
    const { id } = channel.parse((await save(slack)).body)
    const changed = await api(`channels/${id}`, {
      method: 'PUT',
      body: { name: 'x', settings: {}, ...teams },
      headers: { 'if-match': '*' },
    })
    expect(changed).toMatchObject({ status: 400, body: { details: [{ field: 'kind' }] } })
    await server.close()
  })

  it('refuses addresses that only the server can reach, including those of mail servers', async () => {
    const strict = await startServer({ variables: { SECRETS_KEY: secretsKey } })
    const admin = await strict.createKey(['admin'])
    const save = (body: object) => call(`${strict.url}/api/v1/channels`, { key: admin, body: { name: 'x', ...body } })
    for (const host of refusedHosts) {
      const hook = await save({ kind: 'slack', settings: {}, secrets: { url: `https://${host}/` } })
      expect([host, hook.body]).toMatchObject([host, { details: [{ field: 'secrets.url' }] }])
      const app = { corpId: 'c', agentId: 1, endpoint: `https://${host}/` }
      const weCom = await save({ kind: 'wecom-app', settings: app, secrets: { secret: 's' } })
      expect([host, weCom.body]).toMatchObject([host, { details: [{ field: 'settings.endpoint' }] }])
      const dingTalk = { kind: 'dingtalk-app', settings: { appKey: 'k', agentId: 1, endpoint: app.endpoint } }
      const feishu = { kind: 'feishu-app', settings: { appId: 'a', endpoint: app.endpoint } }
      for (const own of [dingTalk, feishu]) {
        const { body } = await save({ ...own, secrets: { secret: 's' } })
        expect([host, body]).toMatchObject([host, { details: [{ field: 'settings.endpoint' }] }])
      }
      const mail = await save({ kind: 'email', settings: { host } })
      expect([host, mail.body]).toMatchObject([host, { details: [{ field: 'settings.host' }] }])
    }
    await strict.close()
  })

  it.each([
    ['email', { host: '8.8.8.8', user: 'u' }, 'password', { host: '9.9.9.9' }],
    ['email', { host: '8.8.8.8', user: 'u' }, 'password', { port: 2525 }],
    ['email', { host: '8.8.8.8', user: 'u' }, 'password', { security: 'none' }],
    [
      'wecom-app',
      { corpId: 'c', agentId: 1, endpoint: 'https://8.8.8.8/' },
      'secret',
      { endpoint: 'https://9.9.9.9/' },
    ],
    ['sms-tencent', sms, 'secretKey', { endpoint: 'https://9.9.9.9/' }],
  ])('of the kind %s sends no saved secret elsewhere', async (kind, settings, secret, change) => {
    const server = await startServer({ variables: { SECRETS_KEY: secretsKey } })
    const admin = await server.createKey(['admin'])
    const body = { kind, name: 'x', settings }
    const secrets = { [secret]: 'kept to itself' }
    const saved = await call(`${server.url}/api/v1/channels`, { key: admin, body: { ...body, secrets } })
    const { id } = channel.parse(saved.body)
    const put = (asked: object) =>
      call(`${server.url}/api/v1/channels/${id}`, {
        key: admin,
        method: 'PUT',
        body: { ...body, ...asked },
        headers: { 'if-match': '*' },
      })
    expect(await put({ name: 'Renamed' })).toMatchObject({ status: 200 })
    const moved = { ...settings, ...change }
    expect(await put({ settings: moved })).toMatchObject({
      status: 400,
      body: { code: 'missing_field', details: [{ field: `secrets.${secret}`, reason: 'enter_again' }] },
    })
    expect(await put({ settings: moved, secrets })).toMatchObject({ status: 200, body: { settings: change } })
    await server.close()
  })

  it('asks for the secrets again when the key with which they were encrypted is lost', async () => {
    const database = await openTestDatabase()
    const start = (byte: number) =>
      startServer({ database, variables: { SECRETS_KEY: Buffer.alloc(32, byte).toString('base64') } })
    const before = await start(1)
    const admin = await before.createKey(['admin'])
    const body = { kind: 'slack', name: 'Chat', settings: {} }
    const secrets = { url: 'https://8.8.8.8/services/kept' }
    const saved = await call(`${before.url}/api/v1/channels`, { key: admin, body: { ...body, secrets } })
    const { id } = channel.parse(saved.body)
    await before.close()
    const restored = await start(2)
    const api = (path: string, options: object = {}) =>
      call(`${restored.url}/api/v1/${path}`, { key: admin, headers: { 'if-match': '*' }, ...options })
    expect(await api('channels')).toMatchObject({ status: 200, body: { channels: [{ id, secrets: {} }] } })
    const { checks } = doctorReport.parse((await api('admin/doctor')).body)
    expect(checks.find(({ name }) => name === 'secrets')).toMatchObject({
      ok: false,
      message: expect.stringContaining('of Chat') as string,
    })
    const put = (change: object) => api(`channels/${id}`, { method: 'PUT', body: { ...body, ...change } })
    expect(await put({})).toMatchObject({
      status: 400,
      body: { details: [{ field: 'secrets.url', reason: 'missing' }] },
    })
    expect(await put({ secrets })).toMatchObject({ status: 200, body: { secrets: { url: '••••kept' } } })
    await restored.close()
    await database.close()
  })

  it('needs an encryption key when several servers share the database', async () => {
    const keyless = await startServer()
    const admin = await keyless.createKey(['admin'])
    const body = { kind: 'slack', name: 'x', settings: {}, secrets: { url: 'https://8.8.8.8/x' } }
    const reply = await call(`${keyless.url}/api/v1/channels`, { key: admin, body })
    expect(reply).toMatchObject({ status: 409, body: { code: 'secrets_key_missing' } })
    await keyless.close()
  })
})
