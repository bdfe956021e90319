import { describe, expect, it } from 'vitest'
import { GroupCommit } from './group-commit.ts'
import type { CommitLimits } from './group-commit.ts'

/** Commits that complete when the test decides. */
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

  /** Completes the running commit and waits until the next one has had a chance to start. */
  async finishOne(): Promise<void> {
    await settled()
    this.#gates.shift()?.resolve()
    await settled()
  }
}

/** Resolves after all pending microtasks and immediates. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

const limits = { commitWeight: 10, waitingWeight: 100, searchMs: 60_000 }

function groupCommit(store: Store, change: Partial<CommitLimits> = {}): GroupCommit<string, string> {
  const blamesRequests = (error: unknown) => !(error instanceof TypeError)
  return new GroupCommit({ commit: store.commit, limits: { ...limits, ...change }, blamesRequests })
}

describe('group commit', () => {
  it('commits the requests of one turn together, and then those that arrived in the meantime', async () => {
    const store = new Store()
    const commits = groupCommit(store)
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
    const commits = groupCommit(store)
    const weights = { a: 6, b: 4, c: 1, d: 30, e: 10 }
    const answers = Object.entries(weights).map(([name, weight]) => commits.submit(name, weight))
    for (let i = 0; i < 4; i++) await store.finishOne()
    await Promise.all(answers)
    expect(store.batches).toEqual([['a', 'b'], ['c'], ['d'], ['e']])
  })

  it('bisects a failed commit, so that a bad request fails alone after few attempts', async () => {
    const store = new Store()
    const commits = groupCommit(store)
    const names = ['a', 'b', 'c', 'd', 'e', 'bad', 'g', 'h']
    const answers = Promise.allSettled(names.map((name) => commits.submit(name, 1)))
    for (let i = 0; i < 7; i++) await store.finishOne()
    expect((await answers).map((answer) => (answer.status === 'fulfilled' ? answer.value : 'refused'))).toEqual(
      names.map((name) => (name === 'bad' ? 'refused' : `${name} done`)),
    )
    expect(store.batches.map((batch) => batch.length)).toEqual([8, 4, 4, 2, 1, 1, 2])
  })

  it('does not retry when the failure is unrelated to the requests', async () => {
    let tries = 0
    const commit = (): Promise<string[]> => {
      tries += 1
      return Promise.reject(new TypeError('away'))
    }
    const commits = new GroupCommit<string, string>({ commit, limits, blamesRequests: () => false })
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((name) => commits.submit(name, 1)))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(tries).toBe(1)
  })

  it('refuses requests that it could not commit in time', async () => {
    const store = new Store()
    const commits = groupCommit(store, { searchMs: -1 })
    const answers = Promise.allSettled(['a', 'bad'].map((name) => commits.submit(name, 1)))
    await store.finishOne()
    expect(await answers).toMatchObject([{ reason: { code: 'overloaded' } }, { reason: { code: 'overloaded' } }])
  })

  it('refuses requests when it is full, and accepts them when there is room', async () => {
    const store = new Store()
    const commits = groupCommit(store, { waitingWeight: 20 })
    const waiting = [commits.submit('a', 10), commits.submit('b', 10)]
    await expect(commits.submit('c', 1)).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterS: expect.any(Number) as number,
    })
    await store.finishOne()
    const third = commits.submit('c', 10)
    await store.finishOne()
    await store.finishOne()
    expect(await Promise.all([...waiting, third])).toEqual(['a done', 'b done', 'c done'])
  })

  it('takes a request that is heavier than all that may wait when nothing waits', async () => {
    const store = new Store()
    const commits = groupCommit(store, { waitingWeight: 20 })
    const answer = commits.submit('huge', 1000)
    await store.finishOne()
    expect(await answer).toBe('huge done')
  })

  it('is drained when everything was committed', async () => {
    const store = new Store()
    const commits = groupCommit(store)
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

  it('reports a commit without a response', async () => {
    const commits = new GroupCommit<string, string>({
      commit: () => Promise.resolve([]),
      limits,
      blamesRequests: () => true,
    })
    await expect(commits.submit('a', 1)).rejects.toThrow('no result')
  })

  describe('with commits that are sent ahead', () => {
    /** Commits that are sent and answered when the test decides. */
    class Line {
      readonly sent: string[][] = []
      readonly #answers: ((isStored: boolean) => void)[] = []

      readonly commitAhead = async (requests: readonly string[], sent: () => void): Promise<string[] | undefined> => {
        const answer = Promise.withResolvers<boolean>()
        this.sent.push([...requests])
        this.#answers.push(answer.resolve)
        if (!requests.includes('not sent')) sent()
        return (await answer.promise) ? requests.map((request) => `${request} ahead`) : undefined
      }

      async answerOne(isStored = true): Promise<void> {
        await settled()
        this.#answers.shift()?.(isStored)
        await settled()
      }
    }

    function open() {
      const [store, line] = [new Store(), new Line()]
      const { commit } = store
      const { commitAhead } = line
      return { store, line, commits: new GroupCommit({ commit, commitAhead, limits, blamesRequests: () => true }) }
    }

    it('sends one behind the other, as soon as the one before is sent', async () => {
      const { store, line, commits } = open()
      const first = commits.submit('a', 1)
      await settled()
      const second = commits.submit('b', 1)
      await settled()
      expect(line.sent).toEqual([['a'], ['b']])
      expect(commits.waitingWeight).toBe(2)
      await line.answerOne()
      expect(await first).toBe('a ahead')
      await line.answerOne()
      expect(await second).toBe('b ahead')
      expect(commits.waitingWeight).toBe(0)
      expect(store.batches).toEqual([])
    })

    it('gathers what comes until one is sent', async () => {
      const { line, commits } = open()
      void commits.submit('not sent', 1)
      await settled()
      const later = [commits.submit('b', 1), commits.submit('c', 1)]
      await settled()
      expect(line.sent).toEqual([['not sent']])
      await line.answerOne()
      await line.answerOne()
      expect(await Promise.all(later)).toEqual(['b ahead', 'c ahead'])
    })

    it('carries out what could not be sent ahead when nothing is on the way, and sends nothing meanwhile', async () => {
      const { store, line, commits } = open()
      const first = commits.submit('a', 1)
      await settled()
      const second = commits.submit('b', 1)
      await line.answerOne(false)
      const third = commits.submit('c', 1)
      await settled()
      expect(store.batches).toEqual([])
      await line.answerOne()
      expect(await second).toBe('b ahead')
      expect(store.batches).toEqual([['a']])
      expect(line.sent).toEqual([['a'], ['b']])
      await store.finishOne()
      expect(await first).toBe('a done')
      await line.answerOne()
      expect(await third).toBe('c ahead')
    })

    it('runs work alone, and is drained, when what is on the way has ended', async () => {
      const { line, commits } = open()
      const ended: string[] = []
      void commits.submit('a', 1).then(() => ended.push('a'))
      await settled()
      const alone = commits.runExclusive(async () => ended.push('alone'))
      const drained = commits.drain().then(() => ended.push('drained'))
      await settled()
      expect(ended).toEqual([])
      await line.answerOne()
      await Promise.all([alone, drained])
      expect(ended).toEqual(['a', 'alone', 'drained'])
    })
  })
})
