import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import { profile } from '@stagewatch/shared/contract/profile.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mappedRoutes } from '../rights/find-leaks.ts'
import { startPeopled } from './peopled-server.ts'
import type { PeopledServer } from './peopled-server.ts'
import type { Visitor } from './visitor.ts'

const mobile = '+8613800138000'
const settings = {
  name: 'Wu',
  language: 'zh',
  timeZone: 'Asia/Shanghai',
  channels: [
    { kind: 'wecom', userId: 'SECRET-wecom' },
    { kind: 'sms', mobile },
    { kind: 'dingtalk', mobile },
    { kind: 'feishu', openId: 'ou_SECRET' },
    { kind: 'email' },
  ],
  quietHours: { from: '22:00', to: '07:00', days: [1, 2, 3, 4, 5], criticalBreaks: true },
}
const secrets = /SECRET|13800138000/

let server: PeopledServer
let wu: Visitor
const others: Visitor[] = []

beforeAll(async () => {
  server = await startPeopled({ clock: new VirtualClock(Date.UTC(2026, 10, 24, 2)) })
  wu = await server.join('wu@example.com', { role: 'operator', departments: ['store'] })
  for (const role of ['manager', 'lead', 'operator', 'viewer'] as const) {
    others.push(await server.join(`${role}@example.com`, { role }))
  }
  others.push(await server.join('admin-of-fleet@example.com', { role: 'administrator', departments: ['fleet'] }))
})
afterAll(() => server.close())

const read = async (visitor: Visitor) => profile.parse((await visitor.call('/api/v1/me/profile')).body)
const save = (body: unknown, version: string) =>
  wu.call('/api/v1/me/profile', { method: 'PUT', body, headers: { 'if-match': version } })

describe('a profile', () => {
  it('says that somebody is written to by mail until they say otherwise', async () => {
    expect(await read(wu)).toMatchObject({ name: 'wu', email: 'wu@example.com', channels: [{ kind: 'email' }] })
    expect(me.parse((await wu.call('/api/v1/me')).body)).not.toHaveProperty('language')
  })

  it('is saved with the order of its channels, and its language and time zone go along', async () => {
    const { version } = await read(wu)
    expect(await save(settings, version)).toMatchObject({ status: 200, body: settings })
    expect(await read(wu)).toMatchObject(settings)
    expect(me.parse((await wu.call('/api/v1/me')).body)).toMatchObject({
      name: 'Wu',
      language: 'zh',
      timeZone: 'Asia/Shanghai',
    })
    // The second of two people who edited the same version is refused, and receives both values.
    expect(await save({ ...settings, name: 'Wu Fang' }, version)).toMatchObject({
      status: 409,
      body: { conflict: { current: settings, yours: { name: 'Wu Fang' } } },
    })
    await wu.call('/api/v1/me/language', { method: 'PUT', body: { language: 'en' } })
    expect(await read(wu)).toMatchObject({ ...settings, language: 'en' })
  })

  it.each([
    [{ channels: [{ kind: 'sms', mobile: '13800138000' }] }, 'channels.0.mobile'],
    [{ channels: [{ kind: 'sms', mobile: '+0123456789' }] }, 'channels.0.mobile'],
    [{ channels: [{ kind: 'email' }, { kind: 'email' }] }, 'channels'],
    [{ channels: [{ kind: 'dingtalk' }] }, 'channels'],
    [{ channels: [{ kind: 'wecom', userId: 'two words' }] }, 'channels.0.userId'],
    [{ timeZone: 'Moon/Sea' }, 'timeZone'],
    [{ quietHours: { ...settings.quietHours, to: '22:00' } }, 'quietHours.to'],
    [{ quietHours: { ...settings.quietHours, days: [] } }, 'quietHours.days'],
  ])('is refused with %j', async (wrong, field) => {
    expect(await save({ ...settings, ...wrong }, '*')).toMatchObject({ status: 400, body: { details: [{ field }] } })
  })

  it('is told to who manages the people of these departments, and to nobody else by any route', async () => {
    const { id } = me.parse((await wu.call('/api/v1/me')).body)
    expect(await server.ada.call(`/api/v1/people/${id}/profile`)).toMatchObject({
      status: 200,
      body: { channels: settings.channels },
    })
    for (const visitor of others) {
      expect((await visitor.call(`/api/v1/people/${id}/profile`)).status).toBe(403)
      for (const [, { url, method }] of mappedRoutes(server.server.routes)) {
        if (method !== 'GET' || url === '/api/openapi.json') continue
        const { body } = await visitor.call(url.replace(':id', id ?? ''))
        expect(`${url} ${JSON.stringify(body ?? null)}`).not.toMatch(secrets)
      }
    }
    expect(JSON.stringify(await server.database.query('select before, after from changes'))).not.toMatch(secrets)
  })
  it('is not kept of a person of the sample, whom everybody plays', async () => {
    await server.database.query(`update users set fictional = true where email = 'wu@example.com'`)
    server.server.identity.sessions.forget()
    const before = await read(wu)
    expect(await save({ ...settings, name: 'Played' }, '*')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const chosen = await wu.call('/api/v1/me/language', { method: 'PUT', body: { language: 'zh' } })
    expect(chosen).toMatchObject({ status: 200, body: { language: 'zh' } })
    expect(before.language).toBe('en')
    expect(await read(wu)).toEqual(before)
  })
})
