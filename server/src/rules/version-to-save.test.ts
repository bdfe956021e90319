import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { describe, expect, it } from 'vitest'
import { historyToSave, versionToSave } from './version-to-save.ts'

const [april, june, august] = [Date.UTC(2026, 3, 1), Date.UTC(2026, 5, 1), Date.UTC(2026, 7, 1)]

function named(name: string): ProcessDefinition {
  return { code: 'default', name: { zh: name, en: name }, acceptsNewStages: true, goals: {}, stages: [] }
}

const first = { definition: named('first') }
const later = { validFrom: june, definition: named('later') }
const history: ProcessHistory = [first, later]
const edited = named('edited')

describe('the version that a process is saved as', () => {
  it('is valid from the beginning if it is the first one, whatever was requested', () => {
    expect(historyToSave(undefined, edited, june, august)).toEqual([{ definition: edited }])
  })

  it('is the one that is valid now, from its first instant on', () => {
    expect(versionToSave(history, edited, undefined, june - 1)).toEqual({ definition: edited })
    expect(versionToSave(history, edited, undefined, june)).toEqual({ validFrom: june, definition: edited })
    expect(historyToSave(history, edited, undefined, april)).toEqual([{ definition: edited }, later])
  })

  it('is another one from a given instant on, between those that are there', () => {
    expect(historyToSave(history, edited, april, august)).toEqual([
      first,
      { validFrom: april, definition: edited },
      later,
    ])
    expect(historyToSave(history, edited, june, april)).toEqual([first, { validFrom: june, definition: edited }])
  })

  it('is the first one when each has a beginning and none is valid yet', () => {
    expect(historyToSave([later], edited, undefined, april)).toEqual([{ validFrom: june, definition: edited }])
  })
})
