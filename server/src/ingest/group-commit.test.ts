import { describe, expect, it } from 'vitest'
import { GroupCommit } from './group-commit.ts'

/** Commits that are carried out when the test says so. */
class Store {
  readonly batches: string[][] = []
  readonly #gates: PromiseWithResolvers<void>[] = []

  readonly commit = async (requests: readonly string[]): Promise<string[]> => {
    const gate = Promise.withResolvers<void>()
    this.batches.push([...requests])
    this.#gates.push(gate)
    await gate.promise
    if (requests.some((request) => request.startsWith('bad'))) throw new Error(`refused ${requests.join(' ')}`)
    return requests.map((request) => `${request} done`)
  }

  /** Lets the commit that runs end, and waits until the next one may have begun. */
  async finishOne(): Promise<void> {
    await settled()
    this.#gates.shift()?.resolve()
    await settled()
  }
}

/** All that was waiting for nothing but its turn has had it. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

const limits = { commitWeight: 10, waitingWeight: 100 }

describe('group commit', () => {
  it('carries out in one commit what arrives in one turn, and then what came meanwhile', async () => {
    const store = new Store()
    const commits = new GroupCommit(store.commit, limits)
    const first = [commits.submit('a', 1), commits.submit('b', 1)]
    await settled()
    const later = [commits.submit('c', 1), commits.submit('d', 1)]
    await store.finishOne()
    await store.finishOne()
    expect(await Promise.all([...first, ...later])).toEqual(['a done', 'b done', 'c done', 'd done'])
    expect(store.batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('keeps to the weight of a commit, except for a single request that is heavier', async () => {
    const store = new Store()
    const commits = new GroupCommit(store.commit, limits)
    const weights = { a: 6, b: 4, c: 1, d: 30, e: 10 }
    const answers = Object.entries(weights).map(([name, weight]) => commits.submit(name, weight))
    for (let i = 0; i < 4; i++) await store.finishOne()
    await Promise.all(answers)
    expect(store.batches).toEqual([['a', 'b'], ['c'], ['d'], ['e']])
  })

  it('tries each alone when a common commit fails, so that a bad one fails alone', async () => {
    const store = new Store()
    const commits = new GroupCommit(store.commit, limits)
    const answers = Promise.allSettled(['a', 'bad', 'c'].map((name) => commits.submit(name, 1)))
    for (let i = 0; i < 4; i++) await store.finishOne()
    expect(await answers).toEqual([
      { status: 'fulfilled', value: 'a done' },
      { status: 'rejected', reason: new Error('refused bad') },
      { status: 'fulfilled', value: 'c done' },
    ])
    expect(store.batches).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']])
  })

  it('turns away what is too much, and takes it again when there is room', async () => {
    const store = new Store()
    const commits = new GroupCommit(store.commit, { commitWeight: 10, waitingWeight: 20 })
    const waiting = [commits.submit('a', 10), commits.submit('b', 10)]
    await expect(commits.submit('c', 1)).rejects.toMatchObject({ code: 'overloaded', retryAfterS: 1 })
    await store.finishOne()
    const third = commits.submit('c', 10)
    await store.finishOne()
    await store.finishOne()
    expect(await Promise.all([...waiting, third])).toEqual(['a done', 'b done', 'c done'])
  })

  it('takes a request that is heavier than all that may wait when nothing waits', async () => {
    const store = new Store()
    const commits = new GroupCommit(store.commit, { commitWeight: 10, waitingWeight: 20 })
    const answer = commits.submit('huge', 1000)
    await store.finishOne()
    expect(await answer).toBe('huge done')
  })

  it('is drained when everything was carried out', async () => {
    const store = new Store()
    const commits = new GroupCommit(store.commit, limits)
    await commits.drain()
    let drained = false
    void commits.submit('a', 10)
    void commits.submit('b', 10)
    const draining = commits.drain().then(() => (drained = true))
    await store.finishOne()
    expect(drained).toBe(false)
    await store.finishOne()
    await draining
    expect(store.batches).toEqual([['a'], ['b']])
  })

  it('says so when a commit gives no answer', async () => {
    const commits = new GroupCommit<string, string>(() => Promise.resolve([]), limits)
    await expect(commits.submit('a', 1)).rejects.toThrow('no answer')
  })
})
