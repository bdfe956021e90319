import { describe, expect, it } from 'vitest'
import { lastValue, parseDockerfile, variablesOf, wordsOf } from './parse-dockerfile.ts'

const text = String.raw`# syntax=docker/dockerfile:1
FROM node:26 AS build
WORKDIR /src
# A comment between steps.
RUN one && \
    two

FROM node:26
ENV HOST=0.0.0.0 \
    NAME="a b"
ENV PORT=4000
USER root
USER node
ENTRYPOINT ["node", "main.js"]
`

describe('a Dockerfile', () => {
  it('has stages with their instructions, of which some continue on the next line', () => {
    const [build, final] = parseDockerfile(text)
    expect(build).toEqual({
      base: 'node:26',
      name: 'build',
      instructions: [
        { keyword: 'WORKDIR', value: '/src' },
        { keyword: 'RUN', value: 'one && two' },
      ],
    })
    expect(final).toMatchObject({ base: 'node:26', name: undefined })
  })

  it('sets variables, and the last of several values counts', () => {
    const final = parseDockerfile(text).at(-1)!
    expect(variablesOf(final, 'ENV')).toEqual({ HOST: '0.0.0.0', NAME: 'a b', PORT: '4000' })
    expect(lastValue(final, 'USER')).toBe('node')
    expect(lastValue(final, 'VOLUME')).toBeUndefined()
    expect(wordsOf(lastValue(final, 'ENTRYPOINT')!)).toEqual(['node', 'main.js'])
  })

  it.each(['FROM node:26\nADD file /', 'FROM a b c', 'RUN one', 'FROM node:26\nrun one'])(
    'is refused if it is not understood completely: %s',
    (wrong) => {
      expect(() => parseDockerfile(wrong)).toThrow(/^(?:not understood|before the first FROM): /)
    },
  )
})
