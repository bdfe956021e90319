import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../platform/app-error.ts'
import { VirtualClock } from '../../platform/clock/virtual-clock.ts'
import { ImportJobs, patiently } from './import-jobs.ts'
import type { ImportJob } from './import-jobs.ts'
import { Pace } from './pace.ts'

/** Resolves after all pending microtasks and immediates. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

describe('reading files', () => {
  let clock: VirtualClock
  let jobs: ImportJobs
  let errors: unknown[]
  let ended: [key: string, error: Error | undefined][]
  let kept: string[]
  let stopping: boolean
  beforeEach(() => {
    clock = new VirtualClock(0)
    errors = []
    ended = []
    kept = []
    stopping = false
    jobs = new ImportJobs({ clock, failed: (error) => void errors.push(error) })
  })

  /** A job that is prepared when the gate opens, and then has no file. */
  function jobOf(key: string, gate: Promise<void>, error: Error = new AppError('not_found', 'the file is gone')) {
    const job: ImportJob = {
      key,
      prepare: () => gate,
      task: () => Promise.reject(error),
      target: () => Promise.reject(new Error('the file was read')),
      keep: async () => {
        kept.push(key)
        return stopping
      },
      done: () => Promise.resolve(),
      failed: async (reason) => void ended.push([key, reason]),
    }
    return job
  }

  it('takes two at once, and twenty more wait', async () => {
    const gate = Promise.withResolvers<void>()
    for (let i = 0; i < 21; i++) jobs.start(jobOf(`${i}`, gate.promise))
    expect(() => jobs.requireRoom()).not.toThrow()
    jobs.start(jobOf('21', gate.promise))
    await settled()
    expect(jobs.usage).toEqual({ size: 22, limit: 22 })
    expect(() => jobs.requireRoom()).toThrow(expect.objectContaining({ code: 'overloaded', retryAfterS: 30 }))
    clock.advanceTo(1_000)
    await settled()
    // The state of those that wait does not change.
    expect(kept).toEqual(['0', '1'])
    gate.resolve()
    await jobs.ended('21')
    expect(ended).toHaveLength(22)
    expect(jobs.usage.size).toBe(0)
    expect(() => jobs.requireRoom()).not.toThrow()
  })

  it('ends with the refusal, and reports any other error as well', async () => {
    const refusal = new AppError('not_found', 'the file is gone')
    const fault = new Error('broken')
    jobs.start(jobOf('refused', Promise.resolve(), refusal))
    jobs.start(jobOf('broken', Promise.resolve(), fault))
    expect([jobs.has('refused'), jobs.has('other')]).toEqual([true, false])
    await Promise.all([jobs.ended('refused'), jobs.ended('broken'), jobs.ended('other')])
    expect(ended).toEqual([
      ['refused', refusal],
      ['broken', fault],
    ])
    expect(errors).toEqual([fault])
    expect(jobs.has('refused')).toBe(false)
  })

  it('keeps the state every second for as long as it is going on', async () => {
    const gate = Promise.withResolvers<void>()
    jobs.start(jobOf('one', gate.promise))
    await settled()
    clock.advanceTo(999)
    await settled()
    expect(kept).toEqual([])
    clock.advanceTo(1_000)
    await settled()
    clock.advanceTo(2_000)
    await settled()
    expect(kept).toEqual(['one', 'one'])
    gate.resolve()
    await jobs.ended('one')
    clock.advanceTo(9_000)
    await settled()
    expect(kept).toEqual(['one', 'one'])
  })

  it('is stopped without an error before anything is read, by somebody here or elsewhere', async () => {
    const gate = Promise.withResolvers<void>()
    const start = (key: string) => jobs.start({ ...jobOf(key, gate.promise), task: () => Promise.resolve(noTask) })
    for (const key of ['here', 'elsewhere', 'waiting']) start(key)
    await settled()
    jobs.stop('here')
    jobs.stop('waiting')
    jobs.stop('unknown')
    stopping = true
    clock.advanceTo(1_000)
    await settled()
    expect(ended).toEqual([])
    gate.resolve()
    await Promise.all(['here', 'elsewhere', 'waiting'].map((key) => jobs.ended(key)))
    expect(ended.toSorted(([one], [other]) => (one < other ? -1 : 1))).toEqual([
      ['elsewhere', undefined],
      ['here', undefined],
      ['waiting', undefined],
    ])
  })

  it('ends when the server closes, and begins no more', async () => {
    const gate = Promise.withResolvers<void>()
    for (const key of ['a', 'b', 'c']) {
      jobs.start({ ...jobOf(key, gate.promise), task: () => Promise.resolve(noTask) })
    }
    await settled()
    const closed = jobs.close()
    gate.resolve()
    await closed
    expect(ended).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
    ])
    expect(errors).toEqual([])
    expect(() => jobs.requireRoom()).toThrow(expect.objectContaining({ code: 'not_ready', retryAfterS: 5 }))
  })
})

const noTask = {
  path: 'none',
  order: { mapping: {}, discover: false, terminal: [] },
  dryRun: true,
  preview: false,
  errorsPath: undefined,
  maxErrorsBytes: undefined,
}

describe('the pace of reading', () => {
  it('is counted from the begin of each phase, with the time that is left', () => {
    const clock = new VirtualClock(0)
    const pace = new Pace(clock)
    const at = (ms: number, phase: 'columns' | 'rows', ratio: number, rows: number) => {
      clock.advanceTo(ms)
      return pace.of({ phase, ratio, rows, decided: undefined })
    }
    expect(at(5_000, 'columns', 0, 0)).toEqual({ phase: 'columns', ratio: 0, rowsPerSecond: 0 })
    expect(at(7_000, 'columns', 0.25, 3_000)).toEqual({
      phase: 'columns',
      ratio: 0.25,
      rowsPerSecond: 1_500,
      leftMs: 6_000,
    })
    expect(at(8_000, 'columns', 0, 30)).toEqual({ phase: 'columns', ratio: 0, rowsPerSecond: 10 })
    expect(at(9_000, 'rows', 0.5, 10)).toEqual({ phase: 'rows', ratio: 0.5, rowsPerSecond: 0 })
    expect(at(10_000, 'rows', 0.5, 70)).toEqual({ phase: 'rows', ratio: 0.5, rowsPerSecond: 70, leftMs: 1_000 })
  })
})

describe('work of an import is tried again', () => {
  const overloaded = (retryAfterS: number) => new AppError('overloaded', 'too many events', { retryAfterS })
  const unstopped = new AbortController().signal

  /** How long it waited each time, in s, and how it ended when the work fails with these errors. */
  async function waitsOf(errors: readonly Error[]) {
    const left = [...errors]
    const waits: number[] = []
    const work = async () => {
      const error = left.shift()
      if (error !== undefined) throw error
      return 'done'
    }
    const outcome = await patiently(work, unstopped, async (ms) => void waits.push(ms / 1_000)).catch(
      (error: unknown) => error,
    )
    return { waits, outcome }
  }

  it('after twice the time each time, up to 15 s, and at most eleven times', async () => {
    const refusal = overloaded(0)
    const eleven = Array.from({ length: 11 }, () => refusal)
    const waits = [0.5, 1, 2, 4, 8, 15, 15, 15, 15, 15, 15]
    expect(await waitsOf(eleven)).toEqual({ waits, outcome: 'done' })
    expect(await waitsOf([...eleven, refusal])).toEqual({ waits, outcome: refusal })
  })

  it('not before the time that the refusal says', async () => {
    expect((await waitsOf([overloaded(3), overloaded(3), overloaded(60)])).waits).toEqual([3, 3, 60])
  })

  it('when the database is away, and tells that', async () => {
    const away = new DatabaseUnavailableError('away', 'lost')
    expect(await waitsOf([away])).toEqual({ waits: [1], outcome: 'done' })
    const { outcome } = await waitsOf(Array.from({ length: 12 }, () => away))
    expect(outcome).toMatchObject({ code: 'not_ready', field: 'database' })
  })

  it('not after a refusal that stays, or another error', async () => {
    const conflict = new AppError('conflict', 'is there')
    expect(await waitsOf([conflict])).toEqual({ waits: [], outcome: conflict })
    const fault = Object.assign(new Error('broken'), { retryAfterS: 1 })
    expect(await waitsOf([fault])).toEqual({ waits: [], outcome: fault })
  })

  it('not when it was stopped while it waited, with the reason why it had to wait', async () => {
    const stopping = new AbortController()
    const refusal = overloaded(1)
    const tried = patiently(() => Promise.reject(refusal), stopping.signal)
    stopping.abort()
    await expect(tried).rejects.toBe(refusal)
  })
})
