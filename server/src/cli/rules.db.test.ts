import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDataDirectory } from '@stagewatch/db/data-directory-lock.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../platform/clock/clock.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { serve } from '../serve.ts'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { testTerminal } from './testing/test-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'stagewatch-command-'))
const closing: (() => Promise<void>)[] = []
const servers: { readonly url: string }[] = []

/** The commands find the running server by its data directory. */
beforeAll(async () => {
  vi.stubEnv('DATA_DIR', folder)
  vi.stubEnv('DATABASE_URL', '')
  const database = await openTestDatabase()
  const lock = await lockDataDirectory(folder)
  const environment = parseEnvironment({ PORT: '0', DEMO: 'off' })
  const logger = pino({ level: 'silent' })
  const server = await serve({ environment, database, clock: systemClock, logger, localAdminToken: lock.token })
  server.markReady()
  servers.push(server)
  await lock.announce(server.url)
  closing.push(
    () => server.close(),
    () => lock.release(),
    () => database.close(),
  )
})

afterAll(async () => {
  for (const close of closing) await close()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(args, terminal)
  return { code, printed: terminal.printed, noted: terminal.noted }
}

const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).printed.join('')) as unknown
const calendarFile = (code: string) => writtenFile(JSON.stringify({ ...plantCalendar({}), code }), `${code}.json`)

test('a calendar is set, gets holidays, and is chosen for the site and for a department', async () => {
  const site = ['--site', 'calendars'] as const
  // Reading does not create a site; writing does, and so does the `site` command.
  expect(await run('calendar', 'list', ...site)).toMatchObject({
    code: 1,
    noted: ['refused: site: there is no such site'],
  })
  expect((await run('site', 'create', 'calendars', '--timezone', 'Asia/Shanghai')).printed).toEqual([
    'created calendars',
  ])
  expect(await run('calendar', 'list', ...site)).toMatchObject({
    code: 0,
    printed: ['there are no calendars: all time is working time'],
  })
  expect(await run('calendar', 'set', calendarFile('office'), ...site)).toMatchObject({ code: 0 })
  await run('calendar', 'set', calendarFile('night'), ...site)
  expect(await json('calendar', 'holidays', 'office', '--china', ...site)).toMatchObject({ replaced: 0, ignored: 0 })
  const file = writtenFile(
    JSON.stringify({ year: 2027, days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] }),
    '2027.json',
  )
  expect(await run('calendar', 'holidays', 'office', file, ...site)).toMatchObject({
    code: 0,
    printed: ['1 day added, 0 replaced, 0 known already; whole years: 2027'],
  })
  const again = await run('calendar', 'set', calendarFile('office'), ...site)
  expect(again.noted).toEqual([expect.stringMatching(/^it has \d+ fewer holidays than before/)])
  await run('calendar', 'holidays', 'office', '--china', ...site)
  await run('calendar', 'choose', 'office', ...site)
  await run('calendar', 'choose', 'night', '--department', 'press', ...site)
  const choice = { site: 'office', departments: { press: 'night' } }
  expect(await json('calendar', 'list', ...site)).toMatchObject({ choice, calendars: [{}, {}] })
  expect((await run('calendar', 'list', ...site)).printed).toEqual([
    expect.stringMatching(/^night: Asia\/Shanghai, 0 special days; version \S+$/),
    expect.stringMatching(/^office: Asia\/Shanghai, \d+ special days, no holidays known for /),
    'the site uses office',
    'department press uses night',
  ])
  await run('calendar', 'choose', '--none', '--department', 'press', ...site)
  expect(await json('calendar', 'choose', '--none', ...site)).toEqual({ departments: {} })
})

test('invalid input is refused with its field', async () => {
  const site = ['--site', 'refused'] as const
  const holidays = writtenFile('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n', 'bad.ics')
  await run('calendar', 'set', calendarFile('office'), ...site)
  for (const [reason, ...args] of [
    ['site: the site has no calendar night', 'choose', 'night'],
    ['text: line 2', 'holidays', 'office', holidays],
    ['there is no such calendar', 'holidays', 'night', '--china'],
    ['is no JSON object with a code', 'set', holidays],
    ['no such file', 'set', '/nowhere/office.json'],
  ] as const) {
    const { code, noted } = await run('calendar', ...args, ...site)
    expect({ code, noted: noted.join('\n') }).toEqual({ code: 1, noted: expect.stringContaining(reason) })
  }
})

test('a process is set, and a version of it that begins later', async () => {
  const site = ['--site', 'processes'] as const
  const process = { code: 'default', name: { zh: '流程', en: 'Process' }, acceptsNewStages: false, goals: {} }
  const file = (targetMs: number) =>
    writtenFile(JSON.stringify({ ...process, stages: [{ ...plainStage('cut'), targetMs }] }), 'process.json')
  expect(await run('process', 'set', file(1_000), ...site)).toMatchObject({
    code: 0,
    printed: ['process default is set'],
  })
  await run('process', 'set', file(2_000), '--valid-from', '2097-01-01T00:00:00+08:00', ...site)
  expect((await run('process', 'list', ...site)).printed).toEqual([
    expect.stringMatching(/^default \(of orders that name none\); version \S+$/),
    '  from the beginning: 1 stage, 1 with a target',
    '  from 2096-12-31T16:00:00.000Z: 1 stage, 1 with a target',
  ])
  expect(await json('process', 'list', ...site)).toMatchObject({ processes: [{ stages: [{ targetMs: 1_000 }] }] })
})

test('a concurrent change is not overwritten, and both values are shown', async () => {
  const site = ['--site', 'conflicts'] as const
  const process = { code: 'default', name: { zh: '流程', en: 'Process' }, acceptsNewStages: false, goals: {} }
  const file = (targetMs: number) =>
    writtenFile(JSON.stringify({ ...process, stages: [{ ...plainStage('cut'), targetMs }] }), 'process.json')
  await run('process', 'set', file(1_000), ...site)
  const version = async () => {
    const list = (await json('process', 'list', ...site)) as { histories: { version: string }[] }
    return list.histories[0]?.version ?? ''
  }
  const loaded = await version()
  expect(await run('process', 'set', file(2_000), '--version', loaded, ...site)).toMatchObject({ code: 0 })
  const { code, noted } = await run('process', 'set', file(3_000), '--version', loaded, ...site)
  expect(code).toBe(1)
  expect(noted.join('\n')).toContain('1.definition.stages.cut.targetMs: yours 3000, there 2000')
  expect(noted.join('\n')).toContain(`stored version: ${await version()}`)
})

test('what an import advises about orders that never end can be pasted, and ends those that have arrived', async () => {
  const rows = [
    'SO-1,pick,2026-01-02',
    'SO-1,left the house,2026-01-03',
    'SO-2,pick,2026-01-02',
    'SO-2,left the house,2026-01-04',
  ]
  const log = writtenFile(['order_id,stage,timestamp', ...rows, 'SO-3,pick,2026-01-05'].join('\n'))
  const { printed } = await run('import', log, '--discover', '--timezone', 'UTC', '--site', 'ends')
  const at = printed.findIndex((line) => line.startsWith('no stage ends an order'))
  expect(printed[at]).toContain('Most were last in left the house (67 %), pick (33 %)')
  const advice = printed[at + 1]?.trim() ?? ''
  expect(advice).toBe("npx pnpm@12 stagewatch process terminal 'left the house' --site ends")
  const words = Array.from(advice.matchAll(/'([^']*)'|\S+/g), ([word, quoted]) => quoted ?? word)
  expect(await run(...words.slice(3))).toMatchObject({
    code: 0,
    printed: ['orders of process default end in left the house'],
  })
  const key = String(
    Object.values((await json('key', 'create', '--name', 'k', '--scope', 'read', '--site', 'ends')) as object)[0],
  )
  const url = servers[0]?.url ?? ''
  await expect
    .poll(async () => {
      const reply = await fetch(`${url}/api/v1/orders?status=completed`, {
        headers: { authorization: `Bearer ${key}` },
      })
      const { orders } = (await reply.json()) as { orders: { order: string }[] }
      return orders.map(({ order }) => order).toSorted()
    })
    .toEqual(['SO-1', 'SO-2'])
  expect(await run('process', 'terminal', 'nowhere', '--site', 'ends')).toMatchObject({
    code: 1,
    noted: [expect.stringContaining('process default has no stage nowhere; it has: pick, left the house')],
  })
})

test('an order number that comes again is another order, also when the next file brings it', async () => {
  const options = ['--reuse-after', '180d', '--timezone', 'UTC', '--site', 'reused'] as const
  const rows = (...lines: string[]) => writtenFile(['order_id,stage,timestamp', ...lines].join('\n'))
  const first = ['1,placed,2024-03-01', '1,delivered,2024-03-02', '2,placed,2024-03-01', '2,delivered,2024-03-03']
  await run('import', rows(...first, '1,placed,2025-03-03', '1,delivered,2025-03-04'), '--discover', ...options)
  const later = rows('2,placed,2026-01-05', '1,placed,2026-01-06', '1,placed,2025-03-03')
  const { noted } = await run('import', later, ...options)
  expect(noted).toContainEqual(expect.stringContaining('3 orders have a number that another one had before'))
  expect(await json('import', later, ...options)).toMatchObject({ accepted: 0, duplicate: 3 })
  const key = Object.values(
    (await json('key', 'create', '--name', 'k', '--scope', 'read', '--site', 'reused')) as object,
  )
  const headers = { authorization: `Bearer ${String(key[0])}` }
  const reply = await fetch(`${servers[0]?.url ?? ''}/api/v1/orders?status=open`, { headers })
  const { orders } = (await reply.json()) as { orders: { order: string }[] }
  expect(orders.map(({ order }) => order).toSorted()).toEqual(['1', '1#2', '1#3', '2', '2#2'])
})

test('the configuration of a site is exported, compared, applied and taken back', async () => {
  const site = ['--site', 'configured'] as const
  const process = { code: 'default', name: { zh: '订单', en: 'Orders' }, acceptsNewStages: true, goals: {} }
  const withTarget = (targetMs: number) => ({ ...process, stages: [{ ...plainStage('pick'), targetMs }] })
  await run('process', 'set', writtenFile(JSON.stringify(withTarget(1000)), 'process.json'), ...site)
  const before = join(folder, 'before.json')
  expect(await run('config', 'export', before, ...site)).toEqual({ code: 0, printed: [], noted: [] })
  const text = readFileSync(before, 'utf8')
  expect(await run('config', 'export', ...site)).toMatchObject({ printed: [text.trimEnd()] })
  expect(await run('config', 'diff', before, ...site)).toMatchObject({ code: 0, printed: [] })

  const after = writtenFile(text.replace('"targetMs": 1000', '"targetMs": 2000'), 'after.json')
  const changed = 'processes.default.1.definition.stages.pick.targetMs: 1000 → 2000'
  const compared = await run('config', 'diff', after, ...site)
  expect(compared).toMatchObject({ code: 1, printed: [changed], noted: [expect.stringMatching(/^version /)] })
  expect(await run('config', 'apply', after, ...site)).toMatchObject({ code: 2 })
  const why = ['--reason', 'as agreed'] as const
  expect(await run('config', 'apply', after, ...why, ...site)).toMatchObject({ code: 0, printed: [changed] })
  expect(await run('config', 'diff', after, ...site)).toMatchObject({ code: 0 })

  const old = compared.noted[0]?.replace('version ', '') ?? ''
  const refused = await run('config', 'apply', before, ...why, '--version', old, ...site)
  expect(refused).toMatchObject({ code: 1, noted: [expect.stringContaining('has been saved by somebody else')] })
  expect(await run('config', 'apply', before, ...why, ...site)).toMatchObject({ code: 0 })
  expect(await run('config', 'export', ...site)).toMatchObject({ printed: [text.trimEnd()] })
})
