import { expect, it } from 'vitest'
import type { ActiveSpan, Tracer } from './active-span.ts'
import { inChildSpan, inTrace, traceFields } from './active-span.ts'

/** A tracer that writes down what happens to its spans. */
function recorder() {
  const log: string[] = []
  let count = 0
  const open = (name: string): ActiveSpan => {
    const spanId = String((count += 1))
    let hasEnded = false
    return {
      ids: { traceId: 'trace', spanId },
      get hasEnded() {
        return hasEnded
      },
      child: (below) => open(`${name} > ${below}`),
      set: () => undefined,
      fail: () => log.push(`${name} failed`),
      end() {
        hasEnded = true
        log.push(`${name} ended`)
      },
    }
  }
  const tracer: Tracer = { root: open }
  return { tracer, log }
}

const child = <Result>(name: string, work: () => Promise<Result>) => inChildSpan(name, 'internal', {}, work)

it('work belongs to the span that it runs in, and log lines name it', async () => {
  const { tracer, log } = recorder()
  expect(traceFields()).toEqual({})
  const fields = await inTrace(tracer, 'task', {}, async () => {
    const outer = traceFields()
    const inner = await child('statement', async () => {
      await Promise.resolve()
      return traceFields()
    })
    return [outer, inner, traceFields()]
  })
  expect(fields.map(({ span_id: id }) => id)).toEqual(['1', '2', '1'])
  expect(log).toEqual(['task > statement ended', 'task ended'])
})

it('a span fails with its work, which may fail at once', async () => {
  const { tracer, log } = recorder()
  const failing = async () => {
    await Promise.resolve()
    throw new Error('late')
  }
  await expect(inTrace(tracer, 'late', {}, failing)).rejects.toThrow('late')
  expect(() =>
    inTrace(tracer, 'soon', {}, () => {
      throw new Error('soon')
    }),
  ).toThrow('soon')
  expect(log).toEqual(['late failed', 'late ended', 'soon failed', 'soon ended'])
})

it('the promise of the work is passed on as it is, so that a failure handled there is handled', async () => {
  const { tracer } = recorder()
  const work = Promise.resolve(1)
  expect(inTrace(tracer, 'task', {}, () => work)).toBe(work)
  expect(child('statement', () => work)).toBe(work)
  expect(await work).toBe(1)
})

it('a timer that outlives its span belongs to no trace', async () => {
  const { tracer, log } = recorder()
  const released = Promise.withResolvers<void>()
  let later: Promise<unknown> = Promise.resolve()
  await inTrace(tracer, 'request', {}, async () => {
    later = released.promise.then(() => child('statement', async () => traceFields()))
    await Promise.resolve()
  })
  released.resolve()
  expect(await later).toEqual({})
  expect(log).toEqual(['request ended'])
})

it('without a tracer nothing is traced', async () => {
  expect(await inTrace(undefined, 'task', {}, () => child('statement', async () => traceFields()))).toEqual({})
})
