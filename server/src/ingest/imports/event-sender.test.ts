import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import type { EventIntake, Submission } from '../event-intake.ts'
import type { FileEvent } from '../files/file-event.ts'
import { exactSender, importerOf, intakeSender, newSiteSender, trialSender } from './event-sender.ts'
import { packedStatus, unpackedResult } from './import-messages.ts'

const now = Date.UTC(2026, 0, 10)
function event(id: string, more: Partial<FileEvent> = {}): FileEvent {
  return {
    source: 'erp',
    id,
    type: 'stage.entered',
    order: 'A',
    stage: 'pick',
    occurredAt: '2026-01-02T08:00:00Z',
    actor: undefined,
    sequence: undefined,
    data: {},
    ...more,
  }
}
/** What an event of another file voids, which the rows of tables cannot say. */
const voided: object = { source: 'erp', id: '1' }
const voiding = event('v', { type: 'event.voided', stage: undefined, data: voided })

/** An intake that keeps what it is given. */
function intake() {
  const given: (Submission & { readonly process?: unknown })[] = []
  const answer = ({ items }: Submission): EventsAnswer => ({
    accepted: items.length,
    duplicate: 0,
    rejected: 0,
    results: items.map(({ index }) => ({ index, status: 'accepted' })),
    position: '1',
  })
  const taking: EventIntake = {
    site: { code: 'main', name: { en: 'Main' }, timeZone: 'UTC', sample: false },
    position: '0',
    async submit(submission) {
      given.push(submission)
      return answer(submission)
    },
    async try(submission, process) {
      given.push({ ...submission, process })
      return answer(submission)
    },
  }
  return { taking, given }
}
const ada = { name: 'ada', mayVoid: false }
const outcomes = ({ items }: Submission) => items.map((item) => (item.ok ? item.event.id : item.rejection.code))

describe('the events of an import', () => {
  it('go to the site under the name of the importer, as those of the import', async () => {
    const { taking, given } = intake()
    const sender = intakeSender(taking, 7, ada, () => now)
    expect(sender).toMatchObject({ maxEvents: 8_000, maxCharacters: 16 * 1024 * 1024 })
    const results = await sender.send([event('1'), event('2', { occurredAt: 'soon' })])
    expect(results.map(({ index }) => index)).toEqual([0, 1])
    expect(given).toMatchObject([{ sender: 'ada', imported: true, importId: 7 }])
    expect(given.map(outcomes)).toEqual([['1', 'invalid_time']])
  })

  it('arrive in the order in which they are sent', async () => {
    const { taking, given } = intake()
    const sender = intakeSender(taking, 7, ada, () => now)
    const many = Array.from({ length: 1_200 }, (_, i) => event(`a${i}`))
    await Promise.all([sender.send(many), sender.send([event('b')])])
    expect(given.map(({ items }) => items.length)).toEqual([1_200, 1])
    expect(given[0]?.items.map(({ index }) => index)).toEqual(many.map((_, i) => i))
  })

  it('void others only if the importer may do that', async () => {
    const { taking, given } = intake()
    await intakeSender(taking, 7, ada, () => now).send([event('1'), voiding])
    await intakeSender(taking, 7, { ...ada, mayVoid: true }, () => now).send([event('1'), voiding])
    await trialSender(
      taking,
      () => undefined,
      ada,
      () => now,
    ).send([voiding])
    expect(given.map(outcomes)).toEqual([['1', 'forbidden'], ['1', 'v'], ['forbidden']])
    const caller = {
      kind: 'key',
      name: 'bob',
      site: 'main',
      privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
    } as const
    expect(importerOf({ ...caller, actions: new Set(['events.void']) })).toEqual({ name: 'bob', mayVoid: true })
    expect(importerOf({ ...caller, actions: new Set(['events.append']) })).toEqual({ name: 'bob', mayVoid: false })
  })

  const process = {
    code: 'made',
    name: { en: 'Made' },
    stages: [plainStage('pick')],
    acceptsNewStages: false,
    goals: {},
  }

  it('of a dry run are tried with the process that would be saved', async () => {
    const { taking, given } = intake()
    const sender = trialSender(
      taking,
      () => process,
      ada,
      () => now,
    )
    expect(sender).toMatchObject({ maxEvents: 5_000, maxCharacters: 16 * 1024 * 1024 })
    expect(await sender.send([event('1')])).toEqual([{ index: 0, status: 'accepted' }])
    expect(given).toMatchObject([{ sender: 'ada', imported: true, process: { code: 'made' } }])
  })

  it('of a dry run without a site are judged by their content', async () => {
    const send = (tried: typeof process | undefined, ...events: FileEvent[]) =>
      newSiteSender(
        () => tried,
        () => now,
      ).send(events)
    expect(
      newSiteSender(
        () => undefined,
        () => now,
      ),
    ).toMatchObject({ maxEvents: 5_000 })
    const events = [event('1'), event('2', { stage: 'pack' }), event('3', { occurredAt: 'soon' })]
    expect(await send(undefined, ...events)).toMatchObject([
      { index: 0, status: 'accepted' },
      { index: 1, status: 'accepted' },
      { index: 2, status: 'rejected', code: 'invalid_time' },
    ])
    expect(await send(process, ...events)).toMatchObject([
      { index: 0, status: 'accepted' },
      { index: 1, status: 'rejected', code: 'unknown_stage', field: 'stage' },
      { status: 'rejected' },
    ])
  })

  it('with identities of their source are rejected where they are stored with other facts', async () => {
    const results = [
      { index: 0, status: 'accepted' },
      { index: 1, status: 'duplicate', restated: true },
      { index: 2, status: 'duplicate' },
      { index: 3, status: 'rejected', code: 'invalid_time', message: 'is no time' },
    ] as const
    const exact = exactSender({ maxEvents: 3, maxCharacters: 4, send: async () => results })
    expect(exact).toMatchObject({ maxEvents: 3, maxCharacters: 4 })
    expect(await exact.send([])).toMatchObject([
      results[0],
      { index: 1, status: 'rejected', code: 'conflict', field: 'id' },
      results[2],
      results[3],
    ])
  })
})

it('an outcome is the same after it was packed as a number and unpacked, except for a rejection', () => {
  const kept = [
    { index: 4, status: 'accepted' },
    { index: 4, status: 'duplicate' },
    { index: 4, status: 'accepted', restated: true },
    { index: 4, status: 'duplicate', restated: true },
  ] as const
  expect(kept.map((result) => unpackedResult(packedStatus(result), 4))).toEqual(kept)
  const rejected = { index: 4, status: 'rejected', code: 'conflict', message: '' } as const
  expect(unpackedResult(packedStatus(rejected), 4)).toBeUndefined()
  expect(new Set([...kept, rejected].map(packedStatus)).size).toBe(5)
})
