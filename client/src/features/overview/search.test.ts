import { expect, it } from 'vitest'
import { parseSearch } from '../../api/search-params.ts'
import { columnsOf, overviewSearch } from './search.ts'

const read = (address: string) => overviewSearch.parse(parseSearch(address))

it('the heat map shows the hours of a shift and the days of anything longer, unless others are chosen', () => {
  expect([columnsOf(read('range=shift')), columnsOf(read('range=shift&cols=day'))]).toEqual(['hour', 'day'])
  expect([columnsOf(read('')), columnsOf(read('cols=hour'))]).toEqual(['day', 'hour'])
})

it('takes what it does not know for not given', () => {
  expect(read('range=century&metric=mood&rows=planet&cols=minute&from=soon')).toEqual({
    range: undefined,
    metric: undefined,
    rows: undefined,
    cols: undefined,
    from: undefined,
  })
})
