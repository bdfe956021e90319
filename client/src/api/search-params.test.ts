import { expect, it } from 'vitest'
import { listParam, parseSearch, stringifySearch, textParam } from './search-params.ts'

it.each(['', '?site=east+1', '?stage=packing&stage=testing&site=main', '?q=a%26b%3Dc', '?code='])(
  'a search survives being read and written: %s',
  (search) => {
    expect(stringifySearch(parseSearch(search))).toBe(search)
  },
)

it('a filter is a list however often it is given', () => {
  expect(listParam.parse(parseSearch('?stage=packing')['stage'])).toEqual(['packing'])
  expect(listParam.parse(parseSearch('?stage=packing&stage=testing')['stage'])).toEqual(['packing', 'testing'])
  expect(listParam.parse(parseSearch('')['stage'])).toBeUndefined()
})

it('a parameter that is given twice counts as missing', () => {
  expect(textParam.parse(parseSearch('?site=a&site=b')['site'])).toBeUndefined()
})

it('parameters without a value are omitted', () => {
  expect(stringifySearch({ site: undefined, page: 2, open: true, nested: { a: 1 } })).toBe('?page=2&open=true')
})
