import { describe, expect, it } from 'vitest'
import { distinctNames, middleEllipsis } from './shorten.ts'

const plain = (texts: readonly string[]) => texts.map((text) => text.replace('\u200b', ''))

describe('a long text', () => {
  it('keeps its beginning and its end', () => {
    expect(plain([middleEllipsis('#2026-0000123456-DE-7', 15)])).toEqual(['#2026-0…56-DE-7'])
    expect(plain([middleEllipsis('订单二〇二六年第一二三四五号', 15)])).toEqual(['订单二〇…四五号'])
    expect(middleEllipsis('#0042', 15)).toBe('#0042')
  })

  it('is never cut within a sign', () => {
    expect(plain([middleEllipsis('𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷', 9)])).toEqual(['𠮷𠮷…𠮷𠮷'])
  })
})

describe('names that would be cut to the same', () => {
  it('show their ends, where they differ', () => {
    expect(plain(distinctNames(['Incoming inspection line A', 'Incoming inspection line B', 'Ship'], 13))).toEqual([
      'Incomi…line A',
      'Incomi…line B',
      'Ship',
    ])
    expect(plain(distinctNames(['精密部件表面处理一号线', '精密部件表面处理二号线'], 14))).toEqual([
      '精密部…一号线',
      '精密部…二号线',
    ])
  })

  it('show what comes after what they share, when they differ in the middle', () => {
    const names = ['Incoming inspection A of the plant', 'Incoming inspection B of the plant']
    expect(distinctNames(names, 13)).toEqual(['…A of the pla', '…B of the pla'])
  })

  it('are the only ones that are changed', () => {
    const names = ['Incoming inspection of everything', 'Outgoing inspection of everything']
    expect(distinctNames(names, 13)).toEqual(names)
  })
})
