import { processList } from '@stagewatch/shared/contract/admin.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import type { ProcessDraft, ProcessReleases } from '@stagewatch/shared/contract/process-draft.ts'
import {
  maxDrafts,
  processDraftAnswer,
  processReleased,
  processReleases,
} from '@stagewatch/shared/contract/process-draft.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Reply } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { cutting, hour, instant, RulePlant } from './rule-plant.ts'

const path = 'admin/processes/default'
let plant: RulePlant

beforeEach(async () => {
  plant = await RulePlant.open('2026-06-01T08:00')
})
afterEach(() => plant.close())

const draft = async () => processDraftAnswer.parse((await plant.ask(`${path}/draft`)).body).draft
const releases = async (query = '') => processReleases.parse((await plant.ask(`${path}/releases${query}`)).body)
const history = async () => processList.parse((await plant.ask('admin/processes')).body).histories[0]

async function saveDraft(definition: ProcessDefinition, version?: string): Promise<ProcessDraft> {
  const base = (await history())?.version ?? null
  const reply = await plant.send('PUT', `${path}/draft`, { definition, base }, version)
  expect(reply).toMatchObject({ status: 200 })
  return processDraftAnswer.parse(reply.body).draft!
}

const release = (version: string, more: object = {}): Promise<Reply> =>
  plant.send('POST', `${path}/release`, { reason: 'agreed with the shop', ...more }, version)

/** The target, in hours, of an order that enters the stage now. */
const targetHours = ({ releases: [last] }: ProcessReleases) =>
  [last?.before, last?.after].map((process) => process && process.stages[0]!.targetMs! / hour)

describe('a draft', () => {
  it('has no effect until it is released, then takes effect at once, with author and reason on record', async () => {
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
    await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
    expect(await draft()).toBeNull()
    const { version } = await saveDraft(cutting({ targetMs: 2 * hour }), '')
    expect(await draft()).toMatchObject({ version, savedAt: plant.clock.now(), savedBy: { kind: 'key', name: 'test' } })
    expect(await plant.due('SO-1')).toBe('2026-06-01T12:00')
    const live = await history()
    expect(processList.parse((await plant.ask('admin/processes')).body)).toMatchObject({
      histories: [live],
      drafts: [{ process: 'default', name: { en: 'default' }, savedBy: { name: 'test' } }],
    })

    const released = await plant
      .at('2026-06-01T09:00')
      .send('POST', `${path}/release`, { reason: ' new press ' }, version)
    expect(released).toMatchObject({ status: 200 })
    expect(processReleased.parse(released.body).version).toBe((await history())?.version)
    expect(await plant.due('SO-1')).toBe('2026-06-01T10:00')
    expect(await draft()).toBeNull()
    expect((await plant.detail('SO-1')).dueHistory).toMatchObject([
      { by: 'process', actor: 'test', until: instant('2026-06-01T09:00'), dueAt: instant('2026-06-01T12:00') },
    ])
    const all = await releases()
    expect(all.releases).toMatchObject([
      { action: 'process.released', reason: 'new press', actor: { name: 'test' } },
      { action: 'process.saved', before: null },
    ])
    expect(targetHours(all)).toEqual([4, 2])
    const { changes } = changeList.parse((await plant.ask('admin/changes')).body)
    expect(changes[0]).toMatchObject({ action: 'process.released', subject: 'default', reason: 'new press' })
    expect(changes[1]).not.toHaveProperty('reason')
  })

  it('may create a process, and may count from an instant on, which has passed or is to come', async () => {
    const created = await saveDraft(cutting({ targetMs: hour }), '')
    // The second request is a retry, here and below.
    for (let i = 0; i < 2; i++) expect(await release(created.version)).toMatchObject({ status: 200 })
    await plant.happens('OLD', 'stage.entered', { stage: 'cut' })
    const validFrom = instant('2026-06-01T10:00')
    const { version } = await saveDraft(cutting({ targetMs: 2 * hour }), '')
    for (let i = 0; i < 2; i++) expect(await release(version, { validFrom })).toMatchObject({ status: 200 })
    expect(await releases('?limit=1')).toMatchObject({ releases: [{ validFrom }], cursor: expect.any(String) })
    expect(targetHours(await releases('?limit=1'))).toEqual([1, 2])
    await plant.at('2026-06-01T11:00').happens('NEW', 'stage.entered', { stage: 'cut' })
    const past = await saveDraft(cutting({ targetMs: 3 * hour }), '')
    expect(await release(past.version, { validFrom: instant('2026-06-01T07:00') })).toMatchObject({ status: 200 })
    expect([await plant.due('OLD'), await plant.due('NEW')]).toEqual(['2026-06-01T11:00', '2026-06-01T13:00'])
    const { cursor, releases: newest } = await releases('?limit=1')
    const older = await releases(`?limit=5&cursor=${cursor}`)
    expect(newest).toHaveLength(1)
    expect(older.releases).toHaveLength(2)
    expect(older).not.toHaveProperty('cursor')
    expect(await releases(`?limit=2&cursor=${cursor}`)).toEqual(older)
  })

  it('is protected from overwriting: the second of two editors gets both values', async () => {
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
    const mine = await saveDraft(cutting({ targetMs: 2 * hour }), '')
    const theirs = await saveDraft(cutting({ targetMs: 3 * hour }), mine.version)
    const yours = { definition: cutting({ targetMs: hour }), base: theirs.base }
    const tries = [
      await plant.send('PUT', `${path}/draft`, yours, mine.version),
      await plant.send('DELETE', `${path}/draft`, undefined, mine.version),
      await release(mine.version),
    ]
    for (const refused of tries) {
      expectProblem(refused, 409, 'conflict')
      const { conflict } = problem.parse(refused.body)
      expect(conflict).toMatchObject({ current: { definition: theirs.definition }, version: theirs.version })
    }
    expect(problem.parse(tries[0]!.body).conflict?.yours).toEqual(yours)
    expect(await draft()).toEqual(theirs)
    expect(await plant.send('DELETE', `${path}/draft`, undefined, theirs.version)).toMatchObject({ status: 200 })
    // Discarding it again, or releasing a draft that no longer exists.
    expect(await plant.send('DELETE', `${path}/draft`, undefined, theirs.version)).toMatchObject({ status: 200 })
    expectProblem(await release(theirs.version), 409, 'conflict')
    expectProblem(await release('*'), 404, 'not_found')
    expect((await releases()).releases).toHaveLength(1)
  })

  it('is not released if the process was changed since, by people or by events', async () => {
    await plant.put('processes/default', { ...cutting({ targetMs: 4 * hour }), acceptsNewStages: true })
    const { version } = await saveDraft({ ...cutting({ targetMs: 2 * hour }), acceptsNewStages: true }, '')
    await plant.happens('SO-1', 'stage.entered', { stage: 'polish' })
    const refused = await release(version)
    expectProblem(refused, 409, 'conflict')
    const { conflict, details } = problem.parse(refused.body)
    const now = await history()
    expect(details).toMatchObject([{ field: 'base' }])
    expect(conflict).toMatchObject({
      current: now?.versions,
      version: now?.version,
      yours: [{ definition: { stages: [{ targetMs: 2 * hour }, { code: 'done' }] } }],
    })
    // Saving succeeds if it is based on the current process, with the stage that was learned since.
    const stages = [...cutting({ targetMs: 2 * hour }).stages, plainStage('polish')]
    const merged = await saveDraft({ ...cutting({}), stages, acceptsNewStages: true }, version)
    expect(await release(merged.version)).toMatchObject({ status: 200 })
    expect((await history())?.versions[0]?.definition.stages).toEqual(stages)
  })

  it('that is saved again without a change stays the one that was saved before', async () => {
    const first = await saveDraft(cutting({ targetMs: hour }), '')
    plant.at('2026-06-01T09:00')
    expect(await saveDraft(cutting({ targetMs: hour }), first.version)).toEqual(first)
    expect(await saveDraft(cutting({ targetMs: 2 * hour }), first.version)).toMatchObject({
      savedAt: instant('2026-06-01T09:00'),
    })
  })

  it('is one of a limited number at a site', async () => {
    const copies = (count: number) =>
      plant.server.database.query(
        `insert into process_drafts (site, process, definition, base, saved_at, actor_kind, actor)
         select site, 'copy-' || n, definition, base, saved_at, actor_kind, actor
         from process_drafts, generate_series(1, $2::int) as n where site = $1 and process = 'default'`,
        [plant.site, count],
      )
    const { version } = await saveDraft(cutting({ targetMs: hour }), '')
    await copies(maxDrafts - 2)
    const save = (code: string) =>
      plant.send('PUT', `admin/processes/${code}/draft`, { definition: { ...cutting({}), code }, base: null }, '')
    expect(await save('last')).toMatchObject({ status: 200 })
    expectProblem(await save('one-more'), 409, 'conflict')
    // Those that there are can still be saved.
    await saveDraft(cutting({ targetMs: 2 * hour }), version)
  })

  it('that refers to a missing calendar stays a draft', async () => {
    const { version } = await saveDraft(cutting({ targetMs: hour, calendar: 'nights' }), '')
    expectProblem(await release(version), 422, 'unknown_calendar')
    expect((await draft())?.version).toBe(version)
    expect(await history()).toBeUndefined()
  })

  it('is released once when the response is lost and the request is retried', async () => {
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
    const { version } = await saveDraft(cutting({ targetMs: 2 * hour }), '')
    const answers = [await release(version), await release(version)]
    expect(answers[0]).toMatchObject({ status: 200 })
    expect(answers[1]?.body).toEqual(answers[0]?.body)
    expectProblem(await release(version, { reason: 'another' }), 409, 'conflict')
    expect((await releases()).releases).toHaveLength(2)
    // After another save it counts as a new request.
    await plant.put('processes/default', cutting({ targetMs: 3 * hour }))
    expectProblem(await release(version), 409, 'conflict')
  })

  it.each([
    ['PUT', 'draft', { definition: { ...cutting({}), code: 'other' }, base: null }, 'definition.code'],
    ['PUT', 'draft', { definition: cutting({ targetMs: -1 }), base: null }, 'definition.stages.0.targetMs'],
    ['POST', 'release', { reason: ' ' }, 'reason'],
    ['POST', 'release', {}, 'reason'],
    ['POST', 'release', { reason: 'x', validFrom: 'tomorrow' }, 'validFrom'],
    ['POST', 'rollback', { reason: 'x' }, 'change'],
  ] as const)('refuses %s %s with %j', async (method, action, body, field) => {
    const refused = await plant.send(method, `${path}/${action}`, body)
    expect(refused).toMatchObject({ status: 400, body: { details: [{ field }] } })
  })
})

describe('a rollback', () => {
  const rollBack = async (change: number, version?: string): Promise<Reply> => {
    const loaded = version ?? (await history())?.version
    return plant.send('POST', `${path}/rollback`, { change, reason: 'a mistake' }, loaded)
  }

  it('reverts a change and all later ones, including versions, and can itself be reverted', async () => {
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
    const first = await history()
    await plant.happens('SO-1', 'stage.entered', { stage: 'cut' })
    await plant.put('processes/default', cutting({ targetMs: 2 * hour }))
    await plant.put('processes/default?validFrom=2026-06-02T00:00:00%2B08:00', cutting({ targetMs: hour }))
    const before = await history()
    const [, second] = (await releases()).releases
    const answers = [await rollBack(second!.change, before?.version), await rollBack(second!.change, before?.version)]
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { version: first?.version } })
    expect(await history()).toEqual(first)
    expect(await plant.due('SO-1')).toBe('2026-06-01T12:00')
    const [last, ...older] = (await releases()).releases
    expect(older).toHaveLength(3)
    expect(last).toMatchObject({ action: 'process.rolled-back', reason: 'a mistake' })
    expect(await rollBack(last!.change)).toMatchObject({ status: 200 })
    expect(await history()).toEqual(before)
  })

  it('is refused when the process has changed, or there is nothing to revert', async () => {
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
    await plant.put('processes/default', cutting({ targetMs: 2 * hour }))
    const loaded = await history()
    await plant.put('processes/default', cutting({ targetMs: 3 * hour }))
    const [, second, first] = (await releases()).releases
    const refused = await rollBack(second!.change, loaded?.version)
    expectProblem(refused, 409, 'conflict')
    expect(problem.parse(refused.body).conflict).toMatchObject({
      current: [{ definition: { stages: [{ targetMs: 3 * hour }, {}] } }],
      yours: [{ definition: { stages: [{ targetMs: 4 * hour }, {}] } }],
    })
    expectProblem(await rollBack(first!.change), 404, 'not_found')
    expectProblem(await rollBack(1_000_000), 404, 'not_found')
    // A change of another process.
    await plant.put('processes/other', { ...cutting({}), code: 'other' })
    await plant.put('processes/other', { ...cutting({ targetMs: hour }), code: 'other' })
    const other = processReleases.parse((await plant.ask('admin/processes/other/releases')).body)
    expectProblem(await rollBack(other.releases[0]!.change), 404, 'not_found')
  })

  it('ends orders again where they ended before', async () => {
    await plant.put('processes/default', cutting({ targetMs: hour }))
    await plant.happens('SO-1', 'stage.entered', { stage: 'done' })
    expect(await plant.detail('SO-1')).toMatchObject({ status: 'completed' })
    await plant.put('processes/default', { ...cutting({}), stages: [plainStage('cut'), plainStage('done')] })
    expect(await plant.detail('SO-1')).toMatchObject({ status: 'open' })
    expect(await rollBack((await releases()).releases[0]!.change)).toMatchObject({ status: 200 })
    expect(await plant.detail('SO-1')).toMatchObject({ status: 'completed' })
  })

  it('restores exactly the previous versions and figures, whatever was changed', async () => {
    await plant.put('processes/default', cutting({ targetMs: 4 * hour }))
    const entered = { stage: 'cut' }
    await plant.happened('2026-06-01T05:00', 'OPEN', 'stage.entered', entered)
    await plant.happened('2026-06-01T02:00', 'LATE', 'stage.entered', entered)
    await plant.happened('2026-06-01T01:00', 'ENDED', 'stage.entered', entered)
    await plant.happened('2026-06-01T06:30', 'ENDED', 'stage.entered', { stage: 'done' })
    const figures = async () => {
      const details = await Promise.all(['OPEN', 'LATE', 'ENDED'].map((order) => plant.detail(order)))
      const { kpis } = (await plant.ask(`board?site=${plant.site}`)).body as { kpis: unknown }
      const { stages } = (await plant.ask('stages/stats')).body as { stages: unknown }
      // Excludes the history of the due date, which contains the rollback as well.
      return { kpis, stages, details: details.map(({ dueHistory: _, ...detail }) => detail) }
    }
    const stage = fc.record(
      { targetMs: fc.integer({ min: 1, max: 9 }).map((n) => n * hour), stallAfterMs: fc.constantFrom(hour, 5 * hour) },
      { requiredKeys: [] },
    )
    const change = fc.record({
      limits: stage,
      ends: fc.boolean(),
      validFrom: fc.option(fc.constantFrom('02:00', '04:30', '12:00'), { nil: undefined }),
      byDraft: fc.boolean(),
    })
    const make = async ({
      limits,
      ends,
      validFrom,
      byDraft,
    }: typeof change extends fc.Arbitrary<infer T> ? T : never) => {
      const definition = cutting(limits)
      const changed = ends
        ? definition
        : { ...definition, stages: definition.stages.map(({ terminal: _, ...rest }) => rest) }
      const from = validFrom && `2026-06-01T${validFrom}`
      if (!byDraft) return plant.put(`processes/default${from ? `?validFrom=${from}:00%2B08:00` : ''}`, changed)
      const { version } = await saveDraft(changed, '')
      const released = await release(version, from === undefined ? {} : { validFrom: instant(from) })
      expect(released).toMatchObject({ status: 200 })
    }
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 3 }), fc.nat(2), async (changes, place) => {
        const made: { change: number; before: unknown }[] = []
        for (const each of changes) {
          const [last] = (await releases('?limit=1')).releases
          const before = { history: await history(), figures: await figures() }
          await make(each)
          const [now] = (await releases('?limit=1')).releases
          if (now!.change !== last!.change) made.push({ change: now!.change, before })
        }
        const chosen = made[place % Math.max(1, made.length)]
        if (chosen === undefined) return
        expect(await rollBack(chosen.change)).toMatchObject({ status: 200 })
        expect({ history: await history(), figures: await figures() }).toEqual(chosen.before)
        const rebuilt = await figures()
        await plant.server.server.sites.get(plant.site).then((site) => site.rebuild())
        expect(await figures()).toEqual(rebuilt)
      }),
      { numRuns: 4 },
    )
  })

  it('keeps stages that orders have come to since, as if the process learned them again', async () => {
    const learning = { ...cutting({ targetMs: 4 * hour }), acceptsNewStages: true }
    await plant.put('processes/default', learning)
    await plant.put('processes/default', { ...learning, stages: [...learning.stages, plainStage('unused')] })
    await plant.happens('SO-1', 'stage.entered', { stage: 'polish' })
    const [second] = (await releases()).releases
    expect(await rollBack(second!.change)).toMatchObject({ status: 200 })
    expect((await history())?.versions[0]?.definition.stages).toEqual([...learning.stages, plainStage('polish')])
  })
})
