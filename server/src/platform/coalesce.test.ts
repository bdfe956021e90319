import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coalesce } from './coalesce.ts'

describe('callers that share runs', () => {
  it('are each answered by a run that began after their call, whenever they call', async () => {
    await fc.assert(
      // Microtask turns before each call, and the turns that a run takes.
      fc.asyncProperty(
        fc.array(fc.nat(6), { maxLength: 12 }),
        fc.integer({ min: 0, max: 4 }),
        async (pauses, takes) => {
          let [stored, shown, running] = [0, 0, 0]
          const read = coalesce(async () => {
            expect(++running).toBe(1)
            const seen = stored
            await turns(takes)
            shown = seen
            running -= 1
          })
          const calls: Promise<void>[] = []
          for (const pause of pauses) {
            await turns(pause)
            const change = ++stored
            calls.push(read().then(() => expect(shown).toBeGreaterThanOrEqual(change)))
          }
          await Promise.all(calls)
          expect(shown).toBe(stored)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('share one run when they call during another', async () => {
    let runs = 0
    const held = Promise.withResolvers<void>()
    const work = coalesce(() => {
      runs += 1
      return held.promise
    })
    const calls = [work(), work(), work(), work()]
    held.resolve()
    await Promise.all(calls)
    expect(runs).toBe(2)
  })

  it('see only the failure of their own run', async () => {
    let runs = 0
    const work = coalesce(async () => {
      if (++runs === 1) throw new Error('the first one fails')
    })
    const [first, second] = [work(), work()]
    await expect(first).rejects.toThrow('the first one fails')
    await expect(second).resolves.toBeUndefined()
  })
})

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve()
}
