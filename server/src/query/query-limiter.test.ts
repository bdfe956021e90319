import { describe, expect, it } from 'vitest'
import { QueryLimiter } from './query-limiter.ts'

function asking() {
  const questions = new QueryLimiter()
  const open: { name: string; end: (answer: string) => void; fail: (error: Error) => void }[] = []
  const answering = (name: string) => (): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    open.push({ name, end: resolve, fail: reject })
    return promise
  }
  const ask = (name: string, site = 'main') => questions.ask([name, site], answering(name))
  const follow = (name: string, leaves: AbortController) =>
    questions.follow([name, 'main'], answering(name), leaves.signal)
  return { questions, open, ask, follow }
}
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('queries', () => {
  it('run two at a time, in order of arrival', async () => {
    const { open, ask } = asking()
    const answers = ['a', 'b', 'c', 'd'].map((name) => ask(name))
    await settled()
    expect(open.map(({ name }) => name)).toEqual(['a', 'b'])
    open[1]!.end('B')
    await settled()
    expect(open.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    open[0]!.end('A')
    open[2]!.end('C')
    await settled()
    open[3]!.end('D')
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D'])
  })

  it('that are equal share a running result, and run again afterwards', async () => {
    const { open, ask } = asking()
    const answers = Promise.all([ask('a'), ask('a'), ask('a')])
    await settled()
    expect(open).toHaveLength(1)
    open[0]!.end('A')
    expect(await answers).toEqual(['A', 'A', 'A'])
    void ask('a')
    await settled()
    expect(open).toHaveLength(2)
  })

  it('are refused when there are too many, and accepted when there is room', async () => {
    const { questions, open, ask } = asking()
    const waiting = Array.from({ length: 18 }, (_, i) => ask(`q-${i}`, `site-${i % 2}`))
    await expect(ask('one more', 'third')).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterS: expect.any(Number) as number,
    })
    expect(questions.usage).toEqual({ size: 18, limit: 18 })
    await settled()
    open[0]!.end('done')
    await waiting[0]
    void ask('one more', 'third')
    expect(questions.usage).toEqual({ size: 18, limit: 18 })
  })

  it('that fail release their slot', async () => {
    const { questions, open, ask } = asking()
    const answers = Promise.allSettled(['a', 'b', 'c'].map((name) => ask(name)))
    await settled()
    open[0]!.fail(new Error('no'))
    open[1]!.fail(new Error('no'))
    await settled()
    open[2]!.end('C')
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(questions.usage.size).toBe(0)
  })

  it('of one site leave room for those of others', async () => {
    const { ask } = asking()
    for (let i = 0; i < 12; i++) void ask(`q-${i}`)
    await expect(ask('one more')).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterS: expect.any(Number) as number,
    })
    void ask('one more', 'other')
    await expect(ask('and more')).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('are cancelled and make room once nobody waits for them, and not before', async () => {
    const { questions, open, ask, follow } = asking()
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()]
    const shared = follow('shared', first)
    expect(follow('shared', second).answer).toBe(shared.answer)
    const alone = follow('alone', third)
    const waiting = follow('waiting', third)
    await settled()
    expect(questions.usage.size).toBe(3)
    first.abort()
    third.abort()
    expect(() => shared.watch.check()).not.toThrow()
    expect(() => alone.watch.check()).toThrow('no longer waits')
    expect(questions.usage.size).toBe(1)
    // A repeated query is not the aborted one.
    void ask('alone')
    expect(questions.usage.size).toBe(2)
    open[1]!.end('of nobody')
    await expect(waiting.answer).rejects.toThrow('no longer waits')
    await settled()
    expect(open.map(({ name }) => name)).toEqual(['shared', 'alone', 'alone'])
    open[0]!.end('S')
    expect(await shared.answer).toBe('S')
    expect(questions.usage.size).toBe(1)
  })
})
