import { describe, expect, it } from 'vitest'
import { apiSearch, parseSearch } from '../../api/search-params.ts'
import { filterSearch, filtersOf, isFiltered, periodOf, presetOf } from './filter-search.ts'

const zone = 'Asia/Shanghai'
/** 26 November, 01:30 in Shanghai; still the 25th in UTC. */
const now = Date.parse('2026-11-25T17:30:00Z')
const read = (address: string) => filterSearch.parse(parseSearch(address))

describe('the filters in an address', () => {
  it('asks for 14 days by itself, and leaves them to the server', () => {
    const search = read('')
    expect([presetOf(search), periodOf(search, now, zone), isFiltered(search)]).toEqual(['14d', {}, false])
  })

  it.each([
    ['range=today', '2026-11-25T16:00:00.000Z'],
    ['range=yesterday', '2026-11-24T16:00:00.000Z'],
    ['range=7d', '2026-11-19T16:00:00.000Z'],
    ['range=30d', '2026-10-27T16:00:00.000Z'],
    ['range=90d', '2026-08-28T16:00:00.000Z'],
  ])('%s begins with a day of the site', (address, from) => {
    expect(periodOf(read(address), now, zone)).toEqual({ from })
  })

  it('leaves it to the server when the shift began', () => {
    expect(periodOf(read('range=shift'), now, zone)).toEqual({ since: 'shift' })
    expect(isFiltered(read('range=shift'))).toBe(true)
  })

  it('holds the last of the days that somebody has chosen, and today up to now', () => {
    expect(periodOf(read('from=2026-11-01&to=2026-11-03'), now, zone)).toEqual({
      from: '2026-10-31T16:00:00.000Z',
      to: '2026-11-03T16:00:00.000Z',
    })
    expect(periodOf(read('from=2026-11-01&to=2026-11-26'), now, zone)).toEqual({ from: '2026-10-31T16:00:00.000Z' })
    expect(presetOf(read('from=2026-11-01'))).toBe('custom')
  })

  it('takes one name and several', () => {
    const search = read('customer=Acme&customerClass=A&department=QA&department=Store')
    expect(filtersOf(search)).toMatchObject({ customer: ['Acme'], department: ['QA', 'Store'] })
    expect(isFiltered(search)).toBe(true)
    expect(apiSearch({ ...periodOf(search, now, zone), ...filtersOf(search) })).toBe(
      'department=QA&department=Store&customer=Acme&customerClass=A',
    )
  })
})
