import { calendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import { dryRunLine } from '@stagewatch/shared/contract/dry-run.ts'
import { processDraftAnswer } from '@stagewatch/shared/contract/process-draft.ts'
import { processTemplateList, templateDraftAnswer } from '@stagewatch/shared/contract/process-templates.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { cutting, hour, RulePlant } from './rule-plant.ts'

let plant: RulePlant

beforeEach(async () => {
  plant = await RulePlant.open('2026-06-01T08:00')
})
afterEach(() => plant.close())

const templates = async () => processTemplateList.parse((await plant.ask('admin/process-templates')).body).templates
const use = (template: string, body: object, version?: string) =>
  plant.send('POST', `admin/process-templates/${template}/draft`, body, version)
const calendars = async () =>
  calendarList.parse((await plant.ask('admin/calendars')).body).calendars.map(({ definition }) => definition)

test('there is a template for each of five industries', async () => {
  expect((await templates()).map(({ process }) => process.code)).toEqual([
    'machining',
    'cross-border',
    'chemicals-trade',
    'consumer-goods',
    'equipment',
  ])
})

test('a template becomes a draft with its calendars, and applies to orders once it is released', async () => {
  const [machining] = await templates()
  const reply = await use('machining', {}, '')
  expect(reply).toMatchObject({ status: 200 })
  const { draft, calendars: added } = templateDraftAnswer.parse(reply.body)
  expect(draft).toMatchObject({ definition: machining?.process, base: null })
  expect(added).toEqual(['office-hours', 'two-shifts'])
  expect((await calendars()).map(({ code }) => code)).toEqual(expect.arrayContaining(added))

  const released = await plant.send(
    'POST',
    'admin/processes/machining/release',
    { reason: 'to begin with' },
    draft.version,
  )
  expect(released).toMatchObject({ status: 200 })
  // Two working hours on a Monday morning that starts at 08:30.
  await plant.happens('SO-1', 'stage.entered', { stage: 'placed' })
  expect(await plant.due('SO-1')).toBe('2026-06-01T10:30')
})

test('a process that is there keeps its code and its calendars, and its departments are named in the language', async () => {
  await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
  const own = {
    code: 'office-hours',
    name: { en: 'Ours', zh: '自有' },
    versions: [{ timeZone: 'Asia/Shanghai', week: { 1: [{ from: '09:00', to: '10:00' }] }, holidays: [] }],
  }
  await plant.put('calendars/office-hours', own)
  const { draft, calendars: added } = templateDraftAnswer.parse(
    (await use('machining', { process: 'default', language: 'zh' }, '')).body,
  )
  expect(draft.definition.code).toBe('default')
  expect(draft.base).not.toBeNull()
  expect(draft.definition.stages[0]?.department).toBe('销售部')
  expect(added).toEqual(['two-shifts'])
  expect(await calendars()).toContainEqual(own)
})

test('a template is tried on its sample before the site has an order, under whatever code', async () => {
  const { draft } = templateDraftAnswer.parse((await use('consumer-goods', { process: 'default' }, '')).body)
  const stages = draft.definition.stages.map((stage) =>
    stage.code === 'delivery' ? { ...stage, targetMs: hour } : stage,
  )
  const definition = { ...draft.definition, stages }
  const reply = await plant.send('POST', 'admin/processes/default/dry-run', { definition, sample: 'consumer-goods' })
  const last = dryRunLine.parse(JSON.parse(String(reply.body).trimEnd().split('\n').at(-1) ?? ''))
  if (!('result' in last)) throw new Error(JSON.stringify(last))
  const delivery = last.result.stages.find(({ stage }) => stage === 'delivery')
  expect(delivery?.draft.breaches).toBe(delivery?.visits)
  expect(delivery?.live.breaches).toBeLessThan((delivery?.visits ?? 0) / 2)
  const unknown = await plant.send('POST', 'admin/processes/default/dry-run', { definition, sample: 'bakery' })
  expectProblem(unknown, 404, 'not_found')
})

test('an existing draft is not overwritten, and an unknown template is answered with the available ones', async () => {
  expect(await use('equipment', { process: 'default' }, '')).toMatchObject({ status: 200 })
  const second = await use('machining', { process: 'default' }, '')
  expectProblem(second, 409, 'conflict')
  const { draft } = processDraftAnswer.parse((await plant.ask('admin/processes/default/draft')).body)
  expect(draft?.definition.stages[1]?.code).toBe('design')
  expect(await use('machining', { process: 'default' }, draft?.version)).toMatchObject({ status: 200 })
  const unknown = await use('bakery', {}, '')
  expectProblem(unknown, 404, 'not_found')
  expect(JSON.stringify(unknown.body)).toContain('machining, cross-border')
})
