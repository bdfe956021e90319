import { describe, expect, it } from 'vitest'
import { applyMutant, findMutants, spreadSample } from './find-mutants.ts'

function variants(source: string): string[] {
  return findMutants('source.ts', source).map((mutant) => applyMutant(source, mutant))
}

describe('the changes of a source', () => {
  it('move a limit by one and turn a condition around', () => {
    expect(variants('export const isLate = (age: number) => age > 10 || !ready').toSorted()).toEqual([
      'export const isLate = (age: number) => age > 10 && !ready',
      'export const isLate = (age: number) => age > 10 || ready',
      'export const isLate = (age: number) => age > 11 || !ready',
      'export const isLate = (age: number) => age >= 10 || !ready',
    ])
  })

  it('turn the sign of a comparison around, and leave its size', () => {
    expect(variants('list.toSorted((a, b) => (a.n < b.n ? -1 : 1))')).toEqual([
      ';',
      'list.toSorted((a, b) => (!(a.n < b.n) ? -1 : 1))',
      'list.toSorted((a, b) => (a.n < b.n ? 1 : 1))',
    ])
  })

  it('leave out what an element of a list would be beyond its end', () => {
    expect(variants('list[i] ?? 0')).toEqual(['list[i] && 0'])
    expect(variants('list[i - 1] ?? 0')).toContain('list[i - 1] ?? 1')
    expect(variants('counts.get(i) ?? 0')).toContain('counts.get(i) ?? 1')
  })

  it('are none that no longer are a program', () => {
    expect(variants('export const a = b ?? c ?? d')).toEqual([])
  })

  it('are spread evenly over what there is', () => {
    const list = Array.from({ length: 100 }, (_, i) => i)
    expect(spreadSample(list, 4, () => 0.5)).toEqual([12, 37, 62, 87])
    expect(spreadSample([1, 2], 4, () => 0.5)).toEqual([1, 2])
  })

  it('double what is large: a row or a millisecond more is no mistake', () => {
    expect(variants('export const timeoutMs = 4_000')).toEqual(['export const timeoutMs = 8000'])
  })

  it('leave out a call and an assignment, but no declaration', () => {
    expect(variants('let a\na = b\nawait close()')).toEqual(['let a\n;\nawait close()', 'let a\na = b\n;'])
  })

  it('are none in types, in texts and in imports', () => {
    expect(variants("import { a } from './a.ts'\ntype A = 1 | 2\nexport const text = 'x' + a")).toEqual([])
  })
})
