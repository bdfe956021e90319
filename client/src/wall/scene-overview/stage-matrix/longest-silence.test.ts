import { expect, it } from 'vitest'
import { noon, smallBoard } from '../../../live/testing/small-board.ts'
import { longestSilence } from './longest-silence.ts'

const minute = 60_000

it('names the late source that has been silent for the longest, with the stages it feeds', () => {
  const board = smallBoard()
  const stage = board.stages['packing']!
  const source = (silentMs: number, late: boolean) => ({
    name: { zh: '来源', en: 'source' },
    lastReceivedAt: noon - silentMs,
    late,
  })
  const sources = { wms: source(90 * minute, false), carrier: source(20 * minute, true), mes: source(5 * minute, true) }
  const late = { ...board, sources, stages: { packing: { ...stage, lateSource: 'carrier' } } }
  expect(longestSilence(late, {}, noon)).toEqual({ code: 'carrier', stages: ['packing'], silentMs: 20 * minute })
  expect(longestSilence(late, { carrier: noon - minute }, noon)?.code).toBe('mes')
})

it('is undefined while no source is late', () => {
  expect(longestSilence(smallBoard(), {}, noon)).toBeUndefined()
})
