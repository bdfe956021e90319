import type { ProcessVersion } from '@stagewatch/shared/domain/process-history.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { endsOf, sameEnds } from './terminal-stages.ts'

const [june, august] = [Date.UTC(2026, 5, 1), Date.UTC(2026, 7, 1)]

/** A version with the stage `packing` and these terminal ones. */
function ending(terminal: readonly string[], validFrom?: number): ProcessVersion {
  const stages = [plainStage('packing'), ...terminal.map((code) => ({ ...plainStage(code), terminal: true as const }))]
  const definition = {
    code: 'default',
    name: { zh: '流程', en: 'Process' },
    stages,
    acceptsNewStages: false,
    goals: {},
  }
  return { definition, ...(validFrom !== undefined && { validFrom }) }
}

describe('the stages in which orders end', () => {
  it('are those of the version in force when the stage was entered', () => {
    const ends = endsOf([ending(['signed']), ending(['paid'], june), ending([], august)])
    expect(ends.isTerminal('signed', june - 1)).toBe(true)
    expect(ends.isTerminal('signed', june)).toBe(false)
    expect(ends.isTerminal('paid', june - 1)).toBe(false)
    expect(ends.isTerminal('paid', june)).toBe(true)
    expect(ends.isTerminal('paid', august)).toBe(false)
    expect(ends.isTerminal('packing', june)).toBe(false)
  })

  it('are none before the first version that has any', () => {
    const ends = endsOf([ending([]), ending(['signed'], june)])
    expect(ends.isTerminal('signed', june - 1)).toBe(false)
    expect(ends.isTerminal('signed', june)).toBe(true)
  })

  it('are the same in another order, or with a version that only repeats them', () => {
    const before = [ending(['signed', 'lost'])] as const
    expect(sameEnds(before, [ending(['lost', 'signed'])])).toBe(true)
    expect(sameEnds(before, [ending(['signed', 'lost']), ending(['lost', 'signed'], june)])).toBe(true)
    expect(sameEnds(before, [ending(['signed'])])).toBe(false)
    expect(sameEnds(before, [ending(['signed', 'lost']), ending(['signed'], june)])).toBe(false)
    expect(sameEnds([ending(['signed']), ending(['lost'], june)], [ending(['signed']), ending(['lost'], august)])).toBe(
      false,
    )
  })

  it('are none of a process that does not exist yet', () => {
    expect(sameEnds(undefined, [ending([])])).toBe(true)
    expect(sameEnds(undefined, [ending(['signed'])])).toBe(false)
  })
})
