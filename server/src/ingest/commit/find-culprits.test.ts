import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { findCulprits } from './find-culprits.ts'

const later = performance.now() + 3_600_000

it('what fails alone is found among all others by halves', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (bad) => {
      const items = bad.map((isBad, index) => ({ isBad, index }))
      const found = await findCulprits(items, (some) => Promise.resolve(some.some(({ isBad }) => isBad)), later)
      expect(found).toEqual(items.filter(({ isBad }) => isBad))
    }),
  )
})

it('one among a thousand takes twenty tries', async () => {
  let tries = 0
  const items = Array.from({ length: 1_000 }, (_, i) => i)
  const fails = (some: readonly number[]): Promise<boolean> => {
    tries += 1
    return Promise.resolve(some.includes(777))
  }
  expect(await findCulprits(items, fails, later)).toEqual([777])
  expect(tries).toBeLessThanOrEqual(21)
})

it('a search that takes too long is given up', async () => {
  const fails = (): Promise<boolean> => Promise.resolve(true)
  await expect(findCulprits([1], fails, performance.now() - 1)).rejects.toMatchObject({ code: 'overloaded' })
})
