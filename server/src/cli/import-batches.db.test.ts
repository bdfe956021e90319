import type { ImportList, ImportView } from '@stagewatch/shared/contract/imports.ts'
import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { withServer } from './call-server-api.ts'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

await withData()

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand([...args, '--json'], terminal)
  const [printed = 'null'] = terminal.printed
  return { code, result: JSON.parse(printed) as unknown, noted: terminal.noted.join('\n') }
}

/** Fields that change with the clock or with the log position. */
const withClock = /^(asOf|position|ageMs|overdueMs|open(Mean|Max)Ms|p\d\d(With|At).*)$/

/** The figures of a site without fields that depend on when they were requested. */
async function figures(site: string): Promise<unknown> {
  const answers = await withServer(site, testTerminal(), async (ask) => [
    await ask({ method: 'GET', path: '/api/v1/stages/stats' }),
    await ask({ method: 'GET', path: '/api/v1/orders?limit=500&sort=order' }),
  ])
  return JSON.parse(JSON.stringify(answers, (key, value: unknown) => (withClock.test(key) ? 0 : value)))
}

async function imports(site: string): Promise<ImportView[]> {
  const { result } = await run('import', 'list', '--site', site)
  return (result as ImportList).imports
}

const monday = `order_id,stage,timestamp
SO-1,pick,2026-01-05T08:00:00+08:00
SO-1,pack,2026-01-05T09:00:00+08:00
SO-2,pick,2026-01-05T08:30:00+08:00
`
const tuesday = `order_id,stage,timestamp
SO-1,pack,2026-01-05T09:00:00+08:00
SO-1,ship,2026-01-06T10:00:00+08:00
SO-3,pick,2026-01-06T08:30:00+08:00
`

test('an import that is undone leaves the figures as they were, and counts when it is imported again', async () => {
  const site = 'undo'
  await run('import', writtenFile(monday, 'mon.csv'), '--discover', '--site', site)
  const before = await figures(site)
  const path = writtenFile(tuesday, 'tue.csv')
  expect((await run('import', path, '--discover', '--site', site)).result).toMatchObject({ accepted: 2, duplicate: 1 })
  const after = await figures(site)
  expect(after).not.toEqual(before)

  const [tue, mon] = await imports(site)
  expect(tue).toMatchObject({ file: 'tue.csv', state: 'done', rows: 3, accepted: 2, duplicate: 1, rejected: 0 })
  expect(mon).toMatchObject({ file: 'mon.csv', state: 'done', rows: 3, accepted: 3, options: { source: 'import' } })
  const undone = { state: 'undone', undo: { reason: 'wrong file', events: 2 } }
  expect(await run('import', 'undo', String(tue?.id), '--reason', 'wrong file', '--site', site)).toMatchObject({
    code: 0,
    result: undone,
  })
  expect(stagesIn(await figures(site))).toEqual(stagesIn(before))
  expect((await run('import', path, '--site', site)).result).toMatchObject({ accepted: 2, duplicate: 1, rejected: 0 })
  expect(await figures(site)).toEqual(after)
})

/** Ignores unvisited stages, because a process keeps the stages it has learned. */
function stagesIn(numbers: unknown): unknown {
  const [{ stages }, { orders, total }] = numbers as [
    { stages: { visits: number }[] },
    { orders: unknown[]; total: number },
  ]
  return [stages.filter(({ visits }) => visits > 0), orders, total]
}

test('a file that was imported in another way is refused, or replaces that import, or stands beside it', async () => {
  const site = 'other'
  const naive = writtenFile('order_id,stage,timestamp\nSO-1,pick,2026-01-05 08:00\nSO-1,pack,2026-01-05 09:00\n')
  const inZone = async (zone: string, ...more: string[]) =>
    run('import', naive, '--discover', '--timezone', zone, '--site', site, ...more)
  expect((await inZone('UTC')).code).toBe(0)
  const refused = await inZone('Asia/Shanghai')
  expect(refused.code).toBe(1)
  expect(refused.noted).toMatch(/imported before with other options: import \d+ .*timezone UTC.*--replace.*--beside/s)

  expect((await inZone('Asia/Shanghai', '--replace')).result).toMatchObject({ accepted: 2 })
  const { orders } = ((await figures(site)) as [unknown, { orders: { enteredAt: number }[] }])[1]
  expect(orders.map(({ enteredAt }) => enteredAt)).toEqual([Date.parse('2026-01-05T09:00:00+08:00')])
  expect((await imports(site)).map(({ state }) => state)).toEqual(['done', 'brokenOff', 'undone'])
})

test('what cannot be undone is refused, and says why', async () => {
  await run('import', writtenFile(monday), '--discover', '--site', 'refused')
  expect(await run('import', 'undo', '1')).toMatchObject({ code: 2, noted: expect.stringContaining('--reason') })
  expect(await run('import', 'undo', 'mon.csv', '--reason', 'x')).toMatchObject({ code: 2 })
  const absent = await run('import', 'undo', '999999', '--reason', 'x', '--site', 'refused')
  expect(absent).toMatchObject({ code: 1, noted: expect.stringContaining('there is no such import') })
})
