import { beforeEach, describe, expect, it } from 'vitest'
import { RulesReader } from './rules-reader.ts'

describe('a reader of the rules', () => {
  let stored: number
  let done: string[]
  let isBroken: boolean
  let reader: RulesReader

  beforeEach(() => {
    stored = 1
    done = []
    isBroken = false
    const catalog = {
      rulesVersion: stored,
      reload: async () => {
        catalog.rulesVersion = stored
        done.push('rules')
      },
    }
    reader = new RulesReader(catalog, {
      readOrders: async () => {
        if (isBroken) throw new Error('the database is away')
        done.push('orders')
      },
      reevaluate: async () => void done.push('limits'),
    })
  })

  it('evaluates limits again, and reads orders only if they were folded by other rules', async () => {
    await reader.read()
    expect(done).toEqual(['rules', 'limits'])
    stored = 2
    await reader.read()
    expect(done.slice(2)).toEqual(['rules', 'orders', 'limits'])
    await reader.read()
    expect(done.slice(5)).toEqual(['rules', 'limits'])
  })

  it('reads the orders again if that has failed', async () => {
    stored = 2
    isBroken = true
    await expect(reader.read()).rejects.toThrow('the database is away')
    isBroken = false
    await reader.read()
    expect(done).toEqual(['rules', 'rules', 'orders', 'limits'])
  })
})
