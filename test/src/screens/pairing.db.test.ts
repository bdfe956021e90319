import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { pairingDone } from '@stagewatch/shared/contract/pairing.ts'
import { screenList } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import type { Caller } from '@stagewatch/server/access/caller.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { approvePairing } from '@stagewatch/server/screens/answer-pairing.ts'
import { changeScreen, listScreens, revokeScreen } from '@stagewatch/server/screens/manage-screens.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { expectProblem } from '../http/expect-problem.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { approve, pairingPath, pairScreen, poll, startPairing } from './pair-screen.ts'

const minuteMs = 60_000
const clock = new VirtualClock(Date.UTC(2026, 10, 22, 12))
let server: StartedServer
let lead: string

beforeAll(async () => {
  server = await startServer({ clock, variables: { PUBLIC_URL: 'https://wall.example/' } })
  lead = await server.createKey(['admin'])
})
afterAll(() => server.close())
/** Moves past the rate limit window of the previous test. */
beforeEach(() => clock.advanceTo(clock.now() + 10 * minuteMs))

const look = (userCode: string, key = lead) => call(`${server.url}${pairingPath}/${userCode}`, { key })
const settings = (more: Partial<ScreenSettings> = {}): ScreenSettings => ({ ...screenSettings.parse({}), ...more })

function caller(departments?: readonly string[]): Caller {
  const role = 'lead'
  const more = departments === undefined ? {} : { departments }
  return {
    kind: 'person',
    name: 'li@example.com',
    role,
    site: 'main',
    actions: actionsOf(role, departments),
    privacy: openPrivacy,
    ...more,
  }
}

describe('a screen that asks to be paired', () => {
  it('gets a code that is easily read, and addresses with it', async () => {
    const started = await startPairing(server)
    expect(started).toMatchObject({ expiresInS: 600, intervalS: 5, verificationUrl: 'https://wall.example/pair' })
    expect(started.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    expect(started.verificationUrlComplete).toBe(`https://wall.example/pair?code=${started.userCode}`)
    expectProblem(await poll(server, started), 400, 'authorization_pending')
  })

  it('is seen by the one who types its code, approved, and gets its token once', async () => {
    const started = await startPairing(server)
    const typed = started.userCode.toLowerCase().replace('-', ' ')
    expect((await look(encodeURIComponent(typed))).body).toMatchObject({
      userCode: started.userCode,
      address: '127.0.0.1',
      device: expect.stringContaining('node'),
      askedAt: clock.now(),
      expiresAt: clock.now() + 10 * minuteMs,
    })
    const approved = await approve(server, lead, started, { name: ' Hall A ', settings: { language: 'en' } })
    expect(approved).toMatchObject({ status: 200, body: { name: 'Hall A', approvedBy: 'test', online: false } })
    const { token, screen: self } = pairingDone.parse((await poll(server, started)).body)
    expect(self).toMatchObject({ name: 'Hall A', site: 'main', settings: { language: 'en', board: 'overview' } })
    expectProblem(await poll(server, started), 410, 'code_expired')
    expect((await call(`${server.url}/api/v1/screens/self`, { key: token })).body).toEqual(self)
    const stored = await server.database.query<object>('select * from screens s, screen_pairings p')
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(JSON.stringify(stored)).not.toContain(started.deviceCode)
  })

  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['with two hyphens', (code: string) => code.replace('-', '--')],
    ['with spaces around and inside', (code: string) => ` ${code.replace('-', ' - ')} `],
    ['without a hyphen', (code: string) => code.replace('-', '')],
    ['with a hyphen elsewhere', (code: string) => `${code.slice(0, 2)}-${code.slice(2)}`],
  ])('is found by its code %s, which is shown with one hyphen', async (_, typed) => {
    const { userCode } = await startPairing(server)
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(await look(encodeURIComponent(typed(userCode)))).toMatchObject({ status: 200, body: { userCode } })
  })

  it('leaves a line in the record of changes', async () => {
    await pairScreen(server, lead, { name: 'Recorded', settings: {} })
    const reply = await call(`${server.url}/api/v1/admin/changes?limit=1`, { key: lead })
    expect(changeList.parse(reply.body).changes).toMatchObject([
      { action: 'screen.paired', actor: { name: 'test' }, after: { name: 'Recorded', address: '127.0.0.1' } },
    ])
  })

  it('is asked to slow down when it polls too soon, each time by five seconds more', async () => {
    const started = await startPairing(server)
    expectProblem(await poll(server, started), 400, 'authorization_pending')
    clock.advanceTo(clock.now() + 4_999)
    expectProblem(await poll(server, started), 400, 'slow_down')
    clock.advanceTo(clock.now() + 9_999)
    expectProblem(await poll(server, started), 400, 'slow_down')
    clock.advanceTo(clock.now() + 15_000)
    expectProblem(await poll(server, started), 400, 'authorization_pending')
  })

  it('may be approved after 9 min 59 s, and then has a minute to come for its token', async () => {
    const started = await startPairing(server)
    clock.advanceTo(clock.now() + 599_000)
    expect((await approve(server, lead, started)).status).toBe(200)
    clock.advanceTo(clock.now() + 2_000)
    expect((await poll(server, started)).status).toBe(200)
  })

  it('is too late after 10 min 1 s', async () => {
    const started = await startPairing(server)
    clock.advanceTo(clock.now() + 601_000)
    expectProblem(await look(started.userCode), 410, 'code_expired')
    expectProblem(await approve(server, lead, started), 410, 'code_expired')
    expectProblem(await poll(server, started), 410, 'code_expired')
  })

  it('may be approved once', async () => {
    const started = await startPairing(server)
    const answers = await Promise.all([approve(server, lead, started), approve(server, lead, started)])
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 409]))
    expectProblem(await approve(server, lead, started), 409, 'already_used')
    await poll(server, started)
    expectProblem(await look(started.userCode), 409, 'already_used')
  })

  it('gets one token when it asks twice at once', async () => {
    const started = await startPairing(server)
    await approve(server, lead, started)
    const answers = await Promise.all([poll(server, started), poll(server, started)])
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 410]))
  })

  it('that was denied hears that its code is void', async () => {
    const started = await startPairing(server)
    const denied = await call(`${server.url}${pairingPath}/${started.userCode}/deny`, { key: lead, method: 'POST' })
    expect(denied.status).toBe(200)
    expectProblem(await poll(server, started), 410, 'code_expired')
    expectProblem(await approve(server, lead, started), 410, 'code_expired')
  })

  it('that was revoked before it came for its token gets none', async () => {
    const started = await startPairing(server)
    const { body } = await approve(server, lead, started)
    await revokeScreen(server.server.screens, caller(), (body as { id: string }).id)
    expectProblem(await poll(server, started), 410, 'code_expired')
  })

  it('with a code that nobody gave it, or none, gets nothing', async () => {
    expectProblem(await poll(server, { deviceCode: 'x'.repeat(43) }), 410, 'code_expired')
    expectProblem(await poll(server, { deviceCode: 'short' }), 400, 'invalid_field')
  })

  it('is put off when too many have asked from its address', async () => {
    for (let i = 0; i < 60; i++) await startPairing(server)
    const reply = await call(`${server.url}${pairingPath}`, { method: 'POST' })
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBe(600)
    clock.advanceTo(clock.now() + 10 * minuteMs)
    await startPairing(server)
  })
})

describe('who may approve', () => {
  it('nobody without the right', async () => {
    const started = await startPairing(server)
    expectProblem(await approve(server, 'sw_unknown', started), 401, 'unauthorized')
    expectProblem(await approve(server, await server.createKey(['read']), started), 403, 'forbidden')
    const { token } = await pairScreen(server, lead)
    expectProblem(await approve(server, token, started), 403, 'forbidden')
  })

  it('nobody who guesses: after five wrong codes not even the right one is taken', async () => {
    const started = await startPairing(server)
    for (const letter of 'BCDFG') expectProblem(await look(letter.repeat(8)), 404, 'not_found')
    const reply = await approve(server, lead, started)
    expectProblem(reply, 429, 'rate_limited')
    expect(Number(reply.headers.get('retry-after'))).toBe(600)
    clock.advanceTo(clock.now() + 9 * minuteMs + 59_000)
    expectProblem(await look(started.userCode), 429, 'rate_limited')
    clock.advanceTo(clock.now() + 1_000)
    await pairScreen(server, lead)
  })

  it('what is no code costs no attempt', async () => {
    for (const typed of ['AEIOUAEI', 'BCDF', 'BCDFGHJKL', '1234-5678', '%F0%9F%92%A9'])
      expectProblem(await look(typed), 400, 'invalid_field')
    await pairScreen(server, lead)
  })

  it('somebody else goes on while one caller guesses', async () => {
    const guesser = await server.server.keys.create('main', { name: 'guesser', scopes: ['admin'] })
    for (const letter of 'BCDFGH') await look(letter.repeat(8), guesser.key)
    expectProblem(await look('BBBBBBBB', guesser.key), 429, 'rate_limited')
    const namesake = await server.server.keys.create('main', { name: 'guesser', scopes: ['admin'] })
    for (const key of [lead, namesake.key]) {
      expect((await approve(server, key, await startPairing(server))).status).toBe(200)
    }
  })

  it('nobody of the sample, in which anybody is', async () => {
    const key = await server.createKey(['admin'], 'sample')
    const started = await startPairing(server)
    expectProblem(await look(started.userCode, key), 403, 'forbidden')
    expectProblem(await approve(server, key, started), 403, 'forbidden')
  })
})

describe('departments', () => {
  async function approveAs(departments: readonly string[] | undefined, asked?: string[]) {
    const { userCode } = await startPairing(server)
    const typed = userCode.replace('-', '')
    const body = { name: 'Bounded', settings: settings(asked === undefined ? {} : { departments: asked }) }
    return approvePairing(server.server.screens, caller(departments), typed, body)
  }

  it('of the approver bound those of the screen', async () => {
    expect((await approveAs(['east', 'west'], ['east'])).settings.departments).toEqual(['east'])
    expect((await approveAs(['east', 'west'])).settings.departments).toEqual(['east', 'west'])
    expect((await approveAs(undefined)).settings.departments).toBeUndefined()
    await expect(approveAs(['east'], ['east', 'west'])).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('of a lead bound which screens they see and set up', async () => {
    const { screens } = server.server
    const [east, west, all] = [await approveAs(['east']), await approveAs(['west']), await approveAs(undefined)]
    const seen = await listScreens(screens, caller(['east', 'north']))
    expect(seen.map(({ id }) => id)).toContain(east.id)
    expect(seen.map(({ id }) => id)).not.toContain(west.id)
    expect(seen.map(({ id }) => id)).not.toContain(all.id)
    for (const { id } of [west, all]) {
      await expect(revokeScreen(screens, caller(['east']), id)).rejects.toMatchObject({ code: 'not_found' })
    }
    const change = (departments: string[]) =>
      changeScreen(
        screens,
        caller(['east']),
        east.id,
        { name: 'East', settings: settings({ departments }) },
        east.version,
      )
    await expect(change(['west'])).rejects.toMatchObject({ code: 'forbidden' })
    expect(await change(['east'])).toMatchObject({ name: 'East', settings: { departments: ['east'] } })
  })
})

describe('the token of a screen', () => {
  it('reads the board and nothing else, and never writes', async () => {
    const { token, screen } = await pairScreen(server, lead)
    const get = (path: string) => call(`${server.url}${path}`, { key: token })
    expect((await get('/api/v1/board')).status).toBe(200)
    expectProblem(await get('/api/v1/orders'), 403, 'forbidden')
    expectProblem(await get('/api/v1/screens'), 403, 'forbidden')
    for (const [method, path, body] of [
      ['POST', '/api/v1/events', [{}]],
      ['PUT', `/api/v1/screens/${screen.id}`, { name: 'Mine', settings: {} }],
      ['POST', `/api/v1/screens/${screen.id}/reload`, undefined],
      ['DELETE', `/api/v1/screens/${screen.id}`, undefined],
    ] as const) {
      const reply = await call(`${server.url}${path}`, { key: token, method, ...(body !== undefined && { body }) })
      expectProblem(reply, 403, 'forbidden')
    }
  })

  it('is refused at once when the screen is revoked, and the screen is listed no more', async () => {
    const { token, screen } = await pairScreen(server, lead)
    const self = () => call(`${server.url}/api/v1/screens/self`, { key: token })
    expect((await self()).status).toBe(200)
    const revoked = await call(`${server.url}/api/v1/screens/${screen.id}`, { key: lead, method: 'DELETE' })
    expect(revoked.status).toBe(200)
    expectProblem(await self(), 401, 'unauthorized')
    const list = await call(`${server.url}/api/v1/screens`, { key: lead })
    expect(screenList.parse(list.body).screens.map(({ id }) => id)).not.toContain(screen.id)
  })

  it('of another site finds no screen here', async () => {
    const { screen } = await pairScreen(server, lead)
    const other = await server.createKey(['admin'], 'other')
    for (const [method, path] of [
      ['DELETE', ''],
      ['POST', '/identify'],
    ] as const)
      expectProblem(
        await call(`${server.url}/api/v1/screens/${screen.id}${path}`, { key: other, method }),
        404,
        'not_found',
      )
  })

  it('is not needed to know that a long text is no number of a screen', async () => {
    const remove = (id: string) => call(`${server.url}/api/v1/screens/${id}`, { key: lead, method: 'DELETE' })
    expectProblem(await remove('a'.repeat(64)), 404, 'not_found')
    expectProblem(await remove('a'.repeat(65)), 400, 'invalid_field')
  })

  it('is what tells who a screen is: nobody else has a self', async () => {
    expectProblem(
      await call(`${server.url}/api/v1/screens/self`, { key: await server.createKey(['read']) }),
      403,
      'forbidden',
    )
  })
})
