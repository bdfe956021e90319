import { describe, expect, it, onTestFinished } from 'vitest'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { writtenFile } from '../files/testing/written-file.ts'
import { discoverProcess } from './discover-process.ts'
import { fileOptionsOf } from './file-options.ts'
import { findGenerations } from './find-generations.ts'
import type { OrderFinder } from './find-generations.ts'
import { importSurveyed } from './import-surveyed.ts'
import { surveyFile } from './survey-file.ts'

const now = Date.UTC(2026, 0, 10)
const unknownSite: ProcessList = { processes: [], histories: [], defaultProcess: null }

interface Shown {
  readonly phase: string
  readonly ratio: number
  readonly rows: number
}

/** What is shown while files are read; `stops` when a phase has begun. */
function watch(stops?: string) {
  const stopping = new AbortController()
  const shown: Shown[] = []
  const closed: string[] = []
  return {
    shown,
    closed,
    stopped: stopping.signal,
    openProgress: (phase: string) => {
      if (phase === stops) stopping.abort()
      return {
        update: (ratio: number, rows: number) => void shown.push({ phase, ratio, rows }),
        close: () => void closed.push(phase),
      }
    },
  }
}

/** The file is closed at the end of the test. */
async function survey(rows: readonly string[], mapping: ImportMapping = {}, monitor = watch()) {
  const path = writtenFile(['order,stage,timestamp', ...rows, ''].join('\n'))
  const surveyed = await surveyFile(fileOptionsOf(path, { timezone: 'UTC', ...mapping }), monitor)
  onTestFinished(() => surveyed.file.close())
  return surveyed
}

const process = (code: string, ...stages: string[]): ProcessDefinition => ({
  code,
  name: { en: code },
  stages: stages.map((stage) => (stage === 'closed' ? { ...plainStage(stage), terminal: true } : plainStage(stage))),
  acceptsNewStages: false,
  goals: {},
})
const site = (...processes: ProcessDefinition[]): ProcessList => ({
  processes,
  histories: processes.map(({ code }) => ({ process: code, version: `version of ${code}`, versions: [] })),
  defaultProcess: processes[0]?.code ?? null,
})

describe('the process of a file', () => {
  const rows = ['A,pick,2026-01-02T08:00:00', 'A,pack,2026-01-02T09:00:00', 'A,closed,2026-01-02T10:00:00']

  async function discovered(known: ProcessList, terminal: readonly string[] = [], mapping: ImportMapping = {}) {
    const surveyed = await survey(rows, mapping)
    return discoverProcess(surveyed, new Set(terminal), known, watch(), now)
  }
  const stagesOf = ({ stages }: ProcessDefinition) => stages.map(({ code, terminal }) => (terminal ? `${code}!` : code))

  it('has its stages in their usual order, those at the end as it is said', async () => {
    const found = await discovered(unknownSite, ['closed'])
    expect(stagesOf(found.process)).toEqual(['pick', 'pack', 'closed!'])
    expect(found).toMatchObject({ process: { code: 'default' }, unchanged: [] })
    expect(found.lastStages).toEqual([{ stage: 'closed', ratio: 1 }])
    expect(found).not.toHaveProperty('version')
  })

  it('is that of the mapping, or else the default one of the site', async () => {
    const [returns, main] = [process('returns', 'pick'), process('main', 'pick')]
    expect((await discovered(site(main, returns))).process.code).toBe('main')
    expect((await discovered(site(main, returns), [], { process: 'returns' })).process.code).toBe('returns')
  })

  it('extends the one that the site has, whose own stages stay as they are', async () => {
    const found = await discovered(
      site(process('returns', 'x'), process('main', 'label', 'pack')),
      ['pack', 'closed'],
      {
        process: 'main',
      },
    )
    expect(stagesOf(found.process)).toEqual(['label', 'pack', 'pick', 'closed!'])
    expect(found).toMatchObject({ version: 'version of main', unchanged: ['pack'] })
    const known = site(process('main', 'pick', 'pack', 'closed'))
    expect((await discovered(known, ['closed'])).unchanged).toEqual([])
  })

  it('is refused when a stage that ends an order is not in it', async () => {
    await expect(discovered(unknownSite, ['closed', 'gone', 'lost'])).rejects.toMatchObject({
      code: 'unknown_stage',
      message: '--terminal gone, lost is not in the file; it has: pick, pack, closed',
    })
  })

  it('is not learned from rows that are rejected: those of more than a day ahead', async () => {
    const ahead = ['A,pick,2026-01-10T00:00:00', 'A,tomorrow,2026-01-11T00:00:00', 'A,later,2026-01-11T00:00:00.001']
    const surveyed = await survey([...ahead, 'A,broken,soon'])
    const found = await discoverProcess(surveyed, new Set(), unknownSite, watch(), now)
    expect(stagesOf(found.process)).toEqual(['pick', 'tomorrow'])
  })

  it('does not count rows that repeat others', async () => {
    const twice = ['A,pick,2026-01-02T08:00:00', 'A,pick,2026-01-02T08:00:00', 'B,pack,2026-01-02T08:00:00']
    const surveyed = await survey(twice)
    const found = await discoverProcess(surveyed, new Set(), unknownSite, watch(), now)
    expect(found.lastStages).toEqual([
      { stage: 'pick', ratio: 0.5 },
      { stage: 'pack', ratio: 0.5 },
    ])
  })
})

const many = (count: number) => Array.from({ length: count }, (_, i) => `O-${i},pick,2026-01-02T08:00:00`)

describe('reading a file for its stages', () => {
  it('shows how far it is every 5,000 rows, and closes what it shows', async () => {
    const monitor = watch()
    const surveyed = await survey(many(10_001), { reuseAfter: '1d' }, monitor)
    await discoverProcess(surveyed, new Set(), unknownSite, monitor, now)
    await findGenerations(surveyed, new Set(), { find: async (orders) => orders.map(() => undefined) }, monitor)
    expect(monitor.shown.map(({ phase, rows }) => [phase, rows])).toEqual(
      ['columns', 'stages', 'stages'].flatMap((phase) => [
        [phase, 5_000],
        [phase, 10_000],
      ]),
    )
    for (const { ratio } of monitor.shown) {
      expect(ratio).toBeGreaterThan(0)
      expect(ratio).toBeLessThanOrEqual(1)
    }
    expect(monitor.closed).toEqual(['columns', 'stages', 'stages'])
  })

  it('ends when somebody stops it', async () => {
    const surveyed = await survey(many(3), { reuseAfter: '1d' })
    const find = () => Promise.reject(new Error('orders were looked up'))
    const tries = [
      () => discoverProcess(surveyed, new Set(), unknownSite, watch('stages'), now),
      () => findGenerations(surveyed, new Set(), { find }, watch('stages')),
    ]
    for (const attempt of tries) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_ready', message: 'stopped before anything was sent' })
    }
  })
})

describe('orders whose number is used again', () => {
  const rows = ['A,closed,2026-01-01T00:00:00', 'A,pick,2026-01-05T00:00:00', 'B,pick,2026-01-05T00:00:00']

  async function namesOf(finder: Partial<OrderFinder>, mapping: ImportMapping = { reuseAfter: '2d' }, lines = rows) {
    const surveyed = await survey(lines, mapping)
    const find = async (orders: readonly string[]) => orders.map(() => undefined)
    const told = await findGenerations(surveyed, new Set(['closed']), { find, ...finder }, watch())
    const { generations } = told
    const at = (day: number) => Date.UTC(2026, 0, day)
    return (
      generations && [generations.nameOf('A', at(1)), generations.nameOf('A', at(5)), generations.nameOf('B', at(5))]
    )
  }

  it('are told apart only when the mapping says so', async () => {
    expect(await namesOf({})).toEqual(['A', 'A#2', 'B'])
    expect(await namesOf({}, {})).toBeUndefined()
  })

  it('go on from those that the site has, which are asked for one after the other', async () => {
    const recorded = new Map(
      ['A', 'A#2'].map((order, month) => {
        const [firstAt, lastAt] = [Date.UTC(2025, month, 1), Date.UTC(2025, month, 2)]
        return [order, { firstAt, lastAt, hasEnded: true }]
      }),
    )
    const asked: string[][] = []
    const names = await namesOf({
      find: async (orders) => {
        asked.push([...orders])
        return orders.map((order) => recorded.get(order))
      },
    })
    expect(asked).toEqual([['A', 'B'], ['A#2'], ['A#3']])
    expect(names).toEqual(['A#3', 'A#4', 'B'])
  })

  it('are asked for a thousand at a time, up to as many as can be looked up', async () => {
    const asked: number[] = []
    const find = async (orders: readonly string[]) => {
      asked.push(orders.length)
      return orders.map(() => undefined)
    }
    await namesOf({ find, mostAsked: 2_001 }, { reuseAfter: '2d' }, many(2_001))
    expect(asked).toEqual([1_000, 1_000, 1])
    await expect(namesOf({ find, mostAsked: 2_000 }, { reuseAfter: '2d' }, many(2_001))).rejects.toMatchObject({
      code: 'too_large',
    })
  })
})

it('an import saves the process of its file before it sends the rows', async () => {
  const rows = ['A,pick,2026-01-02T08:00:00', 'A,pack,2026-01-02T09:00:00']
  async function imported(discover: boolean, mapping: ImportMapping = {}) {
    const surveyed = await survey(rows, mapping)
    const calls: string[] = []
    const options = { dryRun: true, discover, terminal: new Set(['pack']), errorsPath: undefined }
    const sender = {
      maxEvents: 10,
      maxCharacters: 10_000,
      send: async (events: readonly { stage: string | undefined }[]) => {
        calls.push(`sent ${events.map(({ stage }) => stage).join(' ')}`)
        return events.map((_, index) => ({ index, status: 'accepted' }) as const)
      },
    }
    const saveProcess = async ({ process: saved }: { process: ProcessDefinition }) =>
      void calls.push(`saved ${saved.stages.map(({ code }) => code).join(' ')}`)
    const report = await importSurveyed(surveyed, options, { known: undefined, sender, saveProcess }, watch(), now)
    return { calls, process: report.process?.stages.map(({ code, terminal }) => [code, terminal]) }
  }
  expect(await imported(true)).toEqual({
    calls: ['saved pick pack', 'sent pick pack'],
    process: [
      ['pick', false],
      ['pack', true],
    ],
  })
  expect(await imported(false)).toEqual({ calls: ['sent pick pack'], process: undefined })
  await expect(imported(true, { rows: 'orders' })).rejects.toMatchObject({ problem: { code: 'names_no_stages' } })
})
