import { describe, expect, it } from 'vitest'
import { heatLook, isAlarm } from './heat-cell.ts'

const look = (overdue: number, wip: number) => heatLook({ overdue, wip }, { toleranceRatio: 0.1 }, 'en')

describe('a cell of the heat map', () => {
  it('shows a zero in the first class', () => {
    expect(look(0, 40)).toEqual({ kind: 'value', heat: 0, text: '0' })
  })

  it('shows a dot where no order is open', () => {
    expect(look(0, 0)).toEqual({ kind: 'value', heat: 0, text: '·' })
  })

  it('shows a fraction below five open, capped while only one is overdue', () => {
    expect(look(1, 3)).toEqual({ kind: 'value', heat: 2, text: '1/3' })
    expect(look(2, 3)).toEqual({ kind: 'value', heat: 5, text: '2/3' })
    expect(look(0, 3)).toEqual({ kind: 'value', heat: 0, text: '0' })
  })

  it('is hatched if its value is unknown, also if the mark has no cell', () => {
    expect(heatLook(null, { toleranceRatio: 0.1 }, 'en')).toEqual({ kind: 'missing' })
    expect(heatLook(undefined, { toleranceRatio: 0.1 }, 'en')).toEqual({ kind: 'missing' })
  })

  it('is coloured by the whole percent that it shows, so that it never contradicts the legend', () => {
    expect(look(14, 57)).toEqual({ kind: 'value', heat: 5, text: '25' })
    expect(look(3, 26)).toEqual({ kind: 'value', heat: 3, text: '12' })
    expect(look(5, 74)).toEqual({ kind: 'value', heat: 2, text: '7' })
  })

  it('does not round an overdue order away', () => {
    expect(look(3, 4000)).toEqual({ kind: 'value', heat: 1, text: '<1' })
  })

  it('does not round an order that is not overdue away', () => {
    expect(look(3999, 4000)).toEqual({ kind: 'value', heat: 5, text: '>99' })
  })

  it('has no zero if there is no limit', () => {
    const terms = { toleranceRatio: 0.1, unjudged: true } as const
    expect(heatLook({ overdue: 0, wip: 40 }, terms, 'en')).toEqual({ kind: 'noLimit' })
    expect(heatLook({ overdue: 2, wip: 40 }, terms, 'en')).toMatchObject({ kind: 'value', text: '5' })
    expect(heatLook({ overdue: 0, wip: 0 }, terms, 'en')).toMatchObject({ kind: 'value', text: '·' })
  })

  it('is an alarm from the tolerance on', () => {
    expect(isAlarm(look(9, 100))).toBe(false)
    expect(isAlarm(look(10, 100))).toBe(true)
    expect(isAlarm(heatLook(null, { toleranceRatio: 0.1 }, 'en'))).toBe(false)
  })
})
