import { describe, expect, it } from 'vitest'
import { QueryLimiter } from './query-limiter.ts'

function asking() {
  const questions = new QueryLimiter()
  const open: { name: string; end: (answer: string) => void; fail: (error: Error) => void }[] = []
  const ask = (name: string): Promise<string> =>
    questions.ask([name], () => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      open.push({ name, end: resolve, fail: reject })
      return promise
    })
  return { questions, open, ask }
}
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('questions', () => {
  it('are answered two at a time, in the order in which they came', async () => {
    const { open, ask } = asking()
    const answers = ['a', 'b', 'c', 'd'].map(ask)
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

  it('that are equal share an answer while it is being given, and ask anew afterwards', async () => {
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

  it('that are too many are refused, and taken again when there is room', async () => {
    const { questions, open, ask } = asking()
    const waiting = Array.from({ length: 18 }, (_, i) => ask(`q-${i}`))
    await expect(ask('one more')).rejects.toMatchObject({ code: 'overloaded', retryAfterS: 1 })
    expect(questions.usage).toEqual({ size: 18, limit: 18 })
    await settled()
    open[0]!.end('done')
    await waiting[0]
    void ask('one more')
    expect(questions.usage).toEqual({ size: 18, limit: 18 })
  })

  it('that fail hand their turn on', async () => {
    const { questions, open, ask } = asking()
    const answers = Promise.allSettled(['a', 'b', 'c'].map(ask))
    await settled()
    open[0]!.fail(new Error('no'))
    open[1]!.fail(new Error('no'))
    await settled()
    open[2]!.end('C')
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(questions.usage.size).toBe(0)
  })
})
