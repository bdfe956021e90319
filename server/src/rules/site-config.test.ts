import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { describe, expect, it } from 'vitest'
import { AppError } from '../platform/app-error.ts'
import { versionOf } from '../platform/edit-version.ts'
import { inSection } from './config-section.ts'
import { differenceOf } from './site-config.ts'

const config: SiteConfig = {
  format: 'stagewatch-config',
  version: 1,
  processes: {},
  calendars: {},
  calendarChoice: { departments: {} },
  privacy: openPrivacy,
  translations: {},
}

describe('the difference between two configurations', () => {
  it('has each field with what it was and what it becomes, and the version of the current one', () => {
    const current = { ...config, translations: { Acme: { zh: '甲', en: 'Acme' } } }
    const other = {
      ...config,
      privacy: { ...openPrivacy, amounts: 'hidden' as const },
      retention: { archiveAfterMonths: 24 },
    }
    expect(differenceOf(current, other)).toEqual({
      version: versionOf(current),
      total: 4,
      fields: [
        { path: ['privacy', 'amounts'], before: 'shown', after: 'hidden' },
        { path: ['retention', 'archiveAfterMonths'], after: 24 },
        { path: ['translations', 'Acme', 'zh'], before: '甲' },
        { path: ['translations', 'Acme', 'en'], before: 'Acme' },
      ],
    })
  })

  it('has none of a section that the other one leaves out', () => {
    expect(differenceOf({ ...config, retention: { archiveAfterMonths: 24 } }, config)).toMatchObject({
      fields: [],
      total: 0,
    })
  })

  it('has the first thousand fields, and counts all of them', () => {
    const names = Array.from({ length: 1_001 }, (_, i) => [`customer ${i}`, { zh: `客户 ${i}` }] as const)
    const { fields, total } = differenceOf(config, { ...config, translations: Object.fromEntries(names) })
    expect([fields.length, total]).toEqual([1_000, 1_001])
  })
})

describe('a refusal within a part of the configuration', () => {
  it('names its fields as fields of the configuration', async () => {
    const details = [
      { field: 'key', message: 'is taken', reason: 'twice' as const },
      { field: 'name', message: 'is missing', reason: 'missing' as const },
    ]
    const refused = inSection('departments.store', () => {
      throw new AppError('already_used', 'a text is listed twice', { details })
    })
    await expect(refused).rejects.toMatchObject({
      code: 'already_used',
      message: 'a text is listed twice',
      details: [
        { ...details[0], field: 'config.departments.store.key' },
        { ...details[1], field: 'config.departments.store.name' },
      ],
    })
  })

  it('is passed on as it is if it names no field, and so are other errors', async () => {
    for (const error of [new AppError('conflict', 'changed meanwhile'), new Error('broken')]) {
      await expect(inSection('skills', () => Promise.reject(error))).rejects.toBe(error)
    }
    expect(await inSection('skills', () => 7)).toBe(7)
  })
})
