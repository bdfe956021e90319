import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import { expect, it } from 'vitest'
import { credentialsRejected, credentialsAccepted, credentialsWithToken } from './screen-credentials.ts'

const self = { id: '1', name: 'Hall A', site: 'main', settings: screenSettings.parse({}) }
const first = { token: 'first', self }

it('a new token is stored beside the previous one until the server has accepted it', () => {
  const both = credentialsWithToken(first, 'first', 'second')
  expect(both).toEqual({ token: 'second', formerToken: 'first', self })
  expect(credentialsAccepted(both, 'second')).toEqual({ token: 'second', self })
})

it('a connection with the previous token proves nothing about the new one', () => {
  const both = credentialsWithToken(first, 'first', 'second')
  expect(credentialsAccepted(both, 'first')).toEqual(both)
})

it('a new token that is refused gives way to the one before, once', () => {
  const fallen = credentialsRejected(credentialsWithToken(first, 'first', 'second'), 'second')
  expect(fallen).toEqual(first)
  expect(credentialsRejected(first, 'first')).toBeUndefined()
})

it('of two new tokens in a row, the one that has worked is kept beside the newest', () => {
  const both = credentialsWithToken(credentialsWithToken(first, 'first', 'lost'), 'first', 'third')
  expect(both).toEqual({ token: 'third', formerToken: 'first', self })
})

it('a refused token that another page has replaced meanwhile costs nothing', () => {
  const second = { token: 'second', self }
  expect(credentialsRejected(second, 'first')).toEqual(second)
})
