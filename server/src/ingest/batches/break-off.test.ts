import { describe, expect, it } from 'vitest'
import { AppError } from '../../platform/app-error.ts'
import { FileError } from '../tables/file-error.ts'
import { breakOffOf, StoppedError } from './break-off.ts'
import { viewOfImport } from './imports-table.ts'
import type { StoredImport } from './imports-table.ts'

describe('an import that did not reach the end of its file', () => {
  const because = (code: string, brokenOff: string) => ({ brokenOff, brokenOffCause: { code, params: {} } })

  it('says why in a form that pages can translate', () => {
    expect(breakOffOf(new Error('a detail of the server'))).toEqual(because('server_failed', 'the server failed on it'))
    expect(breakOffOf(new StoppedError())).toEqual(because('stopped', 'stopped'))
    const away = new AppError('not_ready', 'the database does not answer', { field: 'database' })
    expect(breakOffOf(away)).toEqual(because('database_away', 'the database does not answer'))
    expect(breakOffOf(new AppError('overloaded', 'too busy'))).toEqual(because('overloaded', 'too busy'))
    expect(breakOffOf(new AppError('disk_full', 'no space'))).toEqual(because('disk_full', 'no space'))
    const broken = new FileError('too_large', 'too_many_stages', 'too many', { params: { limit: 5 } })
    expect(breakOffOf(broken)).toEqual({ brokenOff: 'too many', brokenOffCause: broken.problem })
  })

  it('says only in English what pages do not know', () => {
    expect(breakOffOf(new AppError('not_ready', 'the server is closing'))).toEqual({
      brokenOff: 'the server is closing',
    })
    expect(breakOffOf(new AppError('conflict', 'undone', { field: 'database' }))).toEqual({ brokenOff: 'undone' })
  })
})

describe('an import is shown', () => {
  const progress = { phase: 'rows', ratio: 0.5, rowsPerSecond: 10 } as const
  const stored: StoredImport = {
    site: 'main',
    id: 3,
    file: 'log.csv',
    fileHash: 'abc',
    options: { source: 'erp' },
    actor: 'ada',
    startedAt: 1,
    firstTx: '0',
    endedAt: null,
    lastTx: null,
    rows: 6,
    accepted: 3,
    duplicate: 2,
    rejected: 1,
    brokenOff: null,
    brokenOffCause: null,
    undoStartedAt: null,
    undoEndedAt: null,
    undoActor: null,
    undoReason: null,
    undone: 0,
    undonePosition: 0,
    upload: null,
    instance: null,
    aliveAt: 1,
    stopping: false,
    progress: null,
    report: null,
  }
  const view = (more: Partial<StoredImport>) => viewOfImport({ ...stored, ...more })

  it('with its counts, and with its state', () => {
    expect(view({})).toEqual({
      id: 3,
      file: 'log.csv',
      hash: 'abc',
      options: { source: 'erp' },
      state: 'running',
      actor: 'ada',
      startedAt: 1,
      rows: 6,
      accepted: 3,
      duplicate: 2,
      rejected: 1,
    })
    // A file that the server reads waits until it reports its progress.
    expect(view({ instance: 'here' }).state).toBe('waiting')
    expect(view({ instance: 'here', progress })).toMatchObject({ state: 'running', progress })
    expect(view({ endedAt: 9, instance: 'here', progress })).toMatchObject({ state: 'done', endedAt: 9 })
    expect(view({ endedAt: 9, progress })).not.toHaveProperty('progress')
  })

  it('with the reason why it broke off', () => {
    const brokenOffCause = { code: 'stopped', params: {} } as const
    expect(view({ endedAt: 9, brokenOff: 'stopped', brokenOffCause })).toMatchObject({
      state: 'brokenOff',
      brokenOff: 'stopped',
      brokenOffCause,
    })
    expect(view({ endedAt: 9, brokenOff: 'other' })).not.toHaveProperty('brokenOffCause')
  })

  it('with who has undone it and why', () => {
    const undone = { endedAt: 9, undoStartedAt: 10, undoActor: 'bob', undoReason: 'wrong file', undone: 2 }
    const undo = { startedAt: 10, actor: 'bob', reason: 'wrong file', events: 2 }
    expect(view(undone)).toMatchObject({ state: 'undoing', undo })
    expect(view(undone).undo).not.toHaveProperty('endedAt')
    expect(view({ ...undone, undoEndedAt: 12 })).toMatchObject({ state: 'undone', undo: { ...undo, endedAt: 12 } })
  })
})
