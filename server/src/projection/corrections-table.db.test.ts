import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { correctionsQuery } from '@stagewatch/shared/contract/corrections.ts'
import type { CorrectedVisit } from '@stagewatch/shared/domain/correction.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCorrections, saveCorrections } from './corrections-table.ts'

const nine = Date.parse('2026-11-20T09:00:00Z')
const minute = 60_000

function visit(stage: string, department?: string): CorrectedVisit {
  return { stage, nth: 1, enteredAt: 0, leftAt: 10, ...(department !== undefined && { department }) }
}

/** Recorded one minute after the other. */
const recorded = [
  { order: 'SO-1', process: 'default', removed: [visit('picking', 'east')], added: [visit('picking', 'west')] },
  { order: 'SO-2', process: 'default', removed: [], added: [visit('packing')] },
  { order: 'SO-1', process: 'repair', removed: [visit('diagnosis', 'east')], added: [] },
] as const

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  for (const [i, correction] of recorded.entries()) {
    const event = { source: 'wms', id: `e${i}`, type: 'stage.completed' } as const
    await saveCorrections(database, 'main', [{ ...correction, events: [event] }])
    await database.query(
      'update corrections set recorded_at = to_timestamp($1::float8 / 1000) where id = (select max(id) from corrections)',
      [nine + i * minute],
    )
  }
})
afterAll(() => database.close())

async function load(query: Record<string, string> = {}, departments?: readonly string[]) {
  return loadCorrections(database, 'main', correctionsQuery.parse(query), departments)
}

/** The events of the corrections, which differ. */
async function told(query: Record<string, string>, departments?: readonly string[]): Promise<(string | undefined)[]> {
  return (await load(query, departments)).map(({ events }) => events[0]?.id)
}

describe('the corrections of a site', () => {
  it('are listed with the newest first, as they were recorded', async () => {
    const all = await load()
    expect(all.map(({ events: _, ...correction }) => correction)).toEqual(
      recorded.map((correction, i) => ({ ...correction, at: nine + i * minute })).toReversed(),
    )
    expect(await told({ limit: '2' })).toEqual(['e2', 'e1'])
    expect(await loadCorrections(database, 'other', correctionsQuery.parse({}), undefined)).toEqual([])
  })

  it.each([
    [{ order: 'SO-1' }, ['e2', 'e0']],
    [{ process: 'default' }, ['e1', 'e0']],
    [{ process: 'default', order: 'SO-1' }, ['e0']],
    [{ from: '2026-11-20T09:01:00Z' }, ['e2', 'e1']],
    [{ to: '2026-11-20T09:01:00Z' }, ['e0']],
    [{ from: '2026-11-20T09:00:00.001Z', to: '2026-11-20T09:01:00.001Z' }, ['e1']],
  ])('of %j are %j', async (query, expected) => {
    expect(await told(query)).toEqual(expected)
  })

  it('are, for a lead, those of the departments that are theirs, without the visits of others', async () => {
    const [diagnosis, picking] = await load({}, ['east'])
    expect(diagnosis).toMatchObject({ removed: recorded[2].removed, added: [] })
    expect(picking).toMatchObject({ removed: recorded[0].removed, added: [] })
    expect(await told({}, ['east'])).toEqual(['e2', 'e0'])
    expect(await load({}, ['west'])).toMatchObject([{ order: 'SO-1', removed: [], added: recorded[0].added }])
    expect(await told({}, [''])).toEqual(['e1'])
    expect(await told({ limit: '1' }, ['west', ''])).toEqual(['e1'])
    expect(await told({}, ['north'])).toEqual([])
    expect(await told({}, [])).toEqual([])
  })
})
