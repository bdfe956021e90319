import { describe, expect, it } from 'vitest'
import { usualEnds, holdEndSchema } from './hold-until.tsx'

const at = (text: string): number => Date.parse(text)

describe('the usual ends of a hold', () => {
  it('are by the clock of the site, also when its day is another one', () => {
    const now = at('2026-11-26T17:30:20Z')
    expect(usualEnds(now, 'Asia/Shanghai').map((end) => end.at)).toEqual([
      at('2026-11-26T21:31:00Z'),
      at('2026-11-28T08:00:00+08:00'),
      at('2026-12-04T08:00:00+08:00'),
      undefined,
    ])
  })
})

describe('the usual ends of a hold that has to end', () => {
  it('are those until then', () => {
    const now = at('2026-11-26T17:30:20Z')
    const names = (latest: string) => usualEnds(now, 'Asia/Shanghai', at(latest)).map(({ name }) => name)
    expect(names('2026-11-28T08:00:00+08:00')).toEqual(['hours', 'tomorrow'])
    expect(names('2026-11-26T18:00:00Z')).toEqual([])
  })
})

describe('the field of an end', () => {
  const schema = holdEndSchema('Asia/Shanghai')
  it('gives the instant, or none when it is left empty', () => {
    const soon = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 7_200_000)
    const shanghai = new Date(soon.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
    expect(schema.parse(shanghai)).toBe(soon.getTime())
    expect(schema.parse('')).toBeUndefined()
  })

  it.each(['2020-01-01T08:00', '2999-01-01T08:00', 'soon'])('refuses %s', (text) => {
    expect(schema.safeParse(text).success).toBe(false)
  })
})
