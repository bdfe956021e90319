import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { expectProblem } from './expect-problem.ts'

const recorded = 1_050
let server: PeopledServer

beforeAll(async () => {
  server = await startPeopled()
  await server.database.query(
    `insert into changes (site, changed_at, actor_kind, actor, action, subject, before, after)
     select 'main', now(), 'person', 'ada@example.com', 'process.saved', 'process-' || n, null,
       jsonb_build_array(jsonb_build_object('definition', jsonb_build_object('name',
         jsonb_build_object('zh', '流程 ' || n, 'en', 'Process ' || n))))
     from generate_series(1, ${recorded}) as n`,
  )
})
afterAll(() => server.close())

it('lists every change, page by page, and names what and who it is about on the last page as on the first', async () => {
  const found: string[] = []
  let cursor = ''
  for (let pages = 0; pages === 0 || cursor !== ''; pages++) {
    expect(pages).toBeLessThan(20)
    const reply = await server.ada.call(`/api/v1/admin/changes?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`)
    const page = changeList.parse(reply.body)
    for (const { action, subject, subjectName, actor } of page.changes) {
      if (action !== 'process.saved') continue
      found.push(subject)
      const n = subject.slice('process-'.length)
      expect(subjectName).toEqual({ zh: `流程 ${n}`, en: `Process ${n}` })
      expect(actor).toEqual({ kind: 'person', name: 'ada@example.com', personName: 'Ada' })
    }
    cursor = page.cursor ?? ''
  }
  expect(found).toEqual(Array.from({ length: recorded }, (_, i) => `process-${recorded - i}`))
})

it('names a screen and a person as they are called now, where the change does not say it', async () => {
  await server.join('ben@example.com', { role: 'viewer' })
  const settings = { scenes: ['overview'] }
  await server.database.query(
    `insert into screens (site, id, name, settings, paired_at, approved_by) values ('main', 'screen-1', 'Hall 1 north', $1, now(), 'Ada')`,
    [JSON.stringify(settings)],
  )
  await server.database.query(
    `insert into changes (site, changed_at, actor_kind, actor, action, subject) values
     ('main', now(), 'person', 'ada@example.com', 'screen.rotated', 'screen-1'),
     ('main', now(), 'person', 'ada@example.com', 'password.reset', 'ben@example.com')`,
  )
  const reply = await server.ada.call('/api/v1/admin/changes?limit=2')
  const { changes } = changeList.parse(reply.body)
  expect(changes.map(({ subject, subjectName }) => [subject, subjectName?.['en']])).toEqual([
    ['ben@example.com', 'ben'],
    ['screen-1', 'Hall 1 north'],
  ])
})

it('lists the changes from an instant on, including those at it, and ends at a last page that is full', async () => {
  await server.database.query(
    `insert into changes (site, changed_at, actor_kind, actor, action, subject)
     select 'main', timestamptz '2027-01-04 12:00:00Z' + ms * interval '1 millisecond', 'person', 'ada@example.com',
       'screen.rotated', 'ms ' || ms from unnest(array[-1, 0, 1]) as ms`,
  )
  const listed = async (from: string, limit = 9) => {
    const { body } = await server.ada.call(`/api/v1/admin/changes?from=${from}&limit=${limit}`)
    const { changes, cursor } = changeList.parse(body)
    return [...changes.map(({ subject }) => subject), ...(cursor === undefined ? [] : ['and more'])]
  }
  expect(await listed('2027-01-04T11:59:59.999Z')).toEqual(['ms 1', 'ms 0', 'ms -1'])
  expect(await listed('2027-01-04T12:00:00Z')).toEqual(['ms 1', 'ms 0'])
  expect(await listed('2027-01-04T12:00:00Z', 2)).toEqual(['ms 1', 'ms 0'])
  expect(await listed('2027-01-04T12:00:00Z', 1)).toEqual(['ms 1', 'and more'])
  expect(await listed('2027-01-04T12:00:00.002Z')).toEqual([])
})

it.each(['limit=0', 'limit=1001', 'cursor=x'])('refuses ?%s', async (query) => {
  expectProblem(await server.ada.call(`/api/v1/admin/changes?${query}`), 400, 'invalid_field')
})
