import { orderSorts, ordersQuery, usualSort } from '@stagewatch/shared/contract/orders.ts'
import { describe, expect, it } from 'vitest'
import { parseSearch } from '../../api/search-params.ts'
import { isFiltered, orderStatuses, ordersSearch, questionOf, sortOf } from './orders-search.ts'

const read = (address: string) => ordersSearch.parse(parseSearch(address))

describe('the address of the list', () => {
  it('is read, and asks the server the same', () => {
    const address = 'status=overdue&stage=cut&customer=Acme&customer=Beta&customerClass=A&q=SO-1&sort=age'
    expect(read(address)).toEqual({
      status: 'overdue',
      stage: 'cut',
      customer: ['Acme', 'Beta'],
      customerClass: ['A'],
      q: 'SO-1',
      sort: 'age',
    })
    expect(questionOf(read(address))).toBe(address)
  })

  it('asks one question, whatever the order of its parameters is', () => {
    expect(questionOf(read('sort=age&q=x&status=open'))).toBe(questionOf(read('q=x&status=open&sort=age')))
  })

  it('leaves out the usual order of the rows, and what it does not know', () => {
    expect(questionOf(read(`sort=${usualSort({})}`))).toBe('')
    expect(questionOf(read('q=x&sort=match'))).toBe('q=x')
    expect(questionOf(read('status=completed&sort=overdue'))).toBe('status=completed&sort=overdue')
    expect(questionOf(read('status=lost&sort=colour&nonsense=1'))).toBe('')
    expect(questionOf(read('status=open&status=held'))).toBe('')
  })

  it('keeps characters that have a meaning in addresses, and the orders that name none', () => {
    const search = { customer: ['', 'A & B = 50 %+'], q: '#1?', stage: '裁剪' }
    expect(read(questionOf(read(questionOf(ordersSearch.parse(search)))))).toEqual(search)
  })

  it('knows the states and the orders of rows that the server knows', () => {
    for (const status of orderStatuses) expect(ordersQuery.parse({ status }).status).toBe(status)
    for (const sort of orderSorts) expect(ordersQuery.parse({ sort }).sort).toBe(sort)
    expect(ordersQuery.parse({}).sort).toBeUndefined()
    expect(sortOf(read('status=completed'))).toBe('ended')
  })
})

describe('a list', () => {
  it.each(['stage=cut', 'q=x', 'process=a', 'department=b', 'customer=', 'customerClass=A', 'product=d'])(
    'is narrowed by %s',
    (address) => {
      expect(isFiltered(read(address))).toBe(true)
    },
  )

  it.each(['', 'status=overdue', 'sort=age'])('is not narrowed by "%s"', (address) => {
    expect(isFiltered(read(address))).toBe(false)
  })
})
