import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { requestAnswer } from './request-answer.ts'

const result = z.object({ median: z.number() })
const encoder = new TextEncoder()

afterEach(() => vi.unstubAllGlobals())

/** Answers with the pieces of a stream, and tells whether it was closed before its end. */
function stream(...pieces: readonly Uint8Array<ArrayBuffer>[]) {
  const seen = { isCancelled: false }
  const left = [...pieces]
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const piece = left.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(piece)
    },
    cancel() {
      seen.isCancelled = true
    },
  })
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body)))
  return seen
}

const text = (...lines: readonly unknown[]) => encoder.encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

async function ask() {
  const progress: unknown[] = []
  const options = { path: '/api/v1/x', response: result }
  const answer = await requestAnswer(options, (step) => progress.push(step)).catch((error: unknown) => ({ error }))
  return { answer, progress }
}

describe('an answer that takes long', () => {
  it('comes after its progress, however the lines are cut, and ends the stream', async () => {
    const bytes = text(
      { progress: { done: 1, total: 2 } },
      { progress: { done: 2, total: 2 } },
      { result: { median: 7 } },
    )
    for (const size of [1, 7, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.slice(i * size, (i + 1) * size),
      )
      const seen = stream(...pieces, text({ progress: { done: 3, total: 3 } }))
      expect(await ask()).toEqual({
        answer: { median: 7 },
        progress: [
          { done: 1, total: 2 },
          { done: 2, total: 2 },
        ],
      })
      expect(seen.isCancelled).toBe(true)
    }
  })

  it('may end without a line break', async () => {
    stream(encoder.encode('\n{"result":{"median":7}}'))
    expect(await ask()).toEqual({ answer: { median: 7 }, progress: [] })
  })

  it('is a failure where the server says so after its first line', async () => {
    stream(text({ progress: { done: 0, total: 0 } }, { problem: { code: 'overloaded', message: 'too busy' } }))
    const { answer, progress } = await ask()
    expect(answer).toMatchObject({ error: { status: 200, code: 'overloaded' } })
    expect(progress).toEqual([{ done: 0, total: 0 }])
  })

  it('is a failure where the connection ends early, the server refuses, or a line is none', async () => {
    stream(text({ progress: { done: 1, total: 2 } }))
    expect(await ask()).toMatchObject({ answer: { error: { message: 'the answer broke off' } } })
    stream(text({ result: { median: 'many' } }))
    expect(await ask()).toMatchObject({ answer: { error: { name: 'ZodError' } } })
    const refusal = { code: 'rate_limited', message: 'later', requestId: 'r1' }
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json(refusal, { status: 429 })))
    expect(await ask()).toMatchObject({ answer: { error: { status: 429, code: 'rate_limited' } } })
  })

  it('has lines of up to four million characters', async () => {
    const spaces = (count: number) => encoder.encode(' '.repeat(count))
    stream(spaces(4_000_000), text({ result: { median: 7 } }))
    expect((await ask()).answer).toEqual({ median: 7 })
    const seen = stream(spaces(4_000_001), text({ result: { median: 7 } }))
    expect(await ask()).toMatchObject({ answer: { error: { message: 'a line is too long' } } })
    expect(seen.isCancelled).toBe(true)
  })
})
