import { describe, expect, it } from 'vitest'
import { readWallAddress, withoutKey } from './wall-address.ts'

const at = (rest: string) => new URL(`http://hall.test/wall${rest}`)

describe('the address of a wall', () => {
  it('names site, board and language', () => {
    expect(readWallAddress(at('?site=sample&board=andon&lang=zh'), 'en-GB')).toEqual({
      site: 'sample',
      boardId: 'andon',
      language: 'zh',
      key: undefined,
      pair: false,
      recording: undefined,
    })
  })

  it('falls back to the overview in the language of the browser', () => {
    expect(readWallAddress(at(''), 'zh-TW')).toMatchObject({ boardId: 'overview', site: undefined, language: 'zh' })
    expect(readWallAddress(at('?lang=fr'), 'fr-FR')).toMatchObject({ language: 'en' })
  })

  it('carries a key in the query or, better, in the fragment', () => {
    expect(readWallAddress(at('?key=abc'), 'en')).toMatchObject({ key: 'abc' })
    expect(readWallAddress(at('?key=abc#key=def'), 'en')).toMatchObject({ key: 'def' })
  })

  it('asks for a pairing', () => {
    expect(readWallAddress(at('?pair'), 'en')).toMatchObject({ pair: true })
  })

  it('asks for a recording, an hour a minute unless it says how fast', () => {
    const span = '2026-11-24T08:00:00%2B08:00/2026-11-24T16:00:00+08:00'
    const hours = { from: Date.UTC(2026, 10, 24, 0), to: Date.UTC(2026, 10, 24, 8) }
    expect(readWallAddress(at(`?recording=${span}`), 'en').recording).toEqual({ ...hours, speed: 60 })
    expect(readWallAddress(at(`?recording=${span}&speed=600`), 'en').recording).toEqual({ ...hours, speed: 600 })
  })

  it('is shown without the key', () => {
    expect(withoutKey(at('?site=main&key=abc#key=def')).href).toBe('http://hall.test/wall?site=main')
  })
})
