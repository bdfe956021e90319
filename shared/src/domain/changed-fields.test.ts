import { describe, expect, it } from 'vitest'
import { changedFields } from './changed-fields.ts'

describe('changed fields', () => {
  it('is the value that differs, by the names that lead to it', () => {
    const before = { name: { zh: '质检', en: 'QC' }, targetMs: 1 }
    expect(changedFields(before, { ...before, targetMs: 2 })).toEqual([{ path: ['targetMs'], before: 1, after: 2 }])
  })

  it('is told of a member of a list by its code, wherever it stands', () => {
    const before = [{ code: 'a', targetMs: 1 }, { code: 'b' }]
    const after = [{ code: 'b' }, { code: 'a', targetMs: 5 }]
    expect(changedFields(before, after)).toEqual([{ path: ['a', 'targetMs'], before: 1, after: 5 }])
  })

  it('is everything when there was nothing, and when nothing is left', () => {
    expect(changedFields(null, { role: 'lead' })).toEqual([{ path: ['role'], before: undefined, after: 'lead' }])
    expect(changedFields({ role: 'lead' }, null)).toEqual([{ path: ['role'], before: 'lead', after: undefined }])
  })

  it('is one thing where a list of plain values differs', () => {
    expect(changedFields({ scopes: ['read'] }, { scopes: ['read', 'admin'] })).toEqual([
      { path: ['scopes'], before: ['read'], after: ['read', 'admin'] },
    ])
  })

  it('is nothing when both are the same', () => {
    expect(changedFields({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([])
  })
})
