import { describe, expect, it } from 'vitest'
import { restoredBoard, type KeptBoard } from './restored-board.ts'
import { noon, smallBoard } from './testing/small-board.ts'

const kept: KeptBoard = { site: 'main', board: smallBoard(), keptAt: 5_000, serverNow: noon, ageMs: 700 }
const wall = { site: 'main', boardId: 'overview' }
const restore = (deviceNow: number, of = wall) => restoredBoard(JSON.stringify(kept), of, deviceNow)

describe('the board that a page stored before a reload', () => {
  it('has aged in the meantime', () => {
    expect(restore(8_000)).toEqual({ board: smallBoard(), ageMs: 3_700, serverNow: noon + 3_000 })
  })

  it('may have been stored as soon as it was received, and be as old as ten minutes', () => {
    const fresh = { ...kept, ageMs: 0 }
    expect(restoredBoard(JSON.stringify(fresh), wall, 5_000)).toMatchObject({ ageMs: 0, serverNow: noon })
    expect(restoredBoard(JSON.stringify({ ...kept, ageMs: -1 }), wall, 5_000)).toBeUndefined()
    expect(restore(5_000 + 600_000)).toMatchObject({ ageMs: 600_700 })
  })

  it('is that of the same wall only', () => {
    expect(restore(8_000, { site: 'other', boardId: 'overview' })).toBeUndefined()
    expect(restore(8_000, { site: 'main', boardId: 'overview:repair' })).toBeUndefined()
  })

  it('is not shown after a long time, or when the device clock was set back', () => {
    expect(restore(5_000 + 600_001)).toBeUndefined()
    expect(restore(4_999)).toBeUndefined()
  })

  it('may be missing or broken', () => {
    expect(restoredBoard(null, wall, 8_000)).toBeUndefined()
    expect(restoredBoard('{"site":', wall, 8_000)).toBeUndefined()
  })
})
