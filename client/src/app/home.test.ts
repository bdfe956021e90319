import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { expect, it } from 'vitest'
import { homeOf } from './home.ts'

it.each([
  ['administrator', '/overview'],
  ['manager', '/overview'],
  ['lead', '/overview'],
  ['operator', '/orders'],
  ['viewer', '/overview'],
] as const)('%s begins at %s', (role, path) => {
  expect(homeOf({ actions: [...actionsOf(role, undefined)], site: 'east 1' }, 'zh').path).toBe(path)
})

it('somebody who may do nothing begins at their account', () => {
  expect(homeOf({ actions: [], site: 'east' }, 'en')).toEqual({ path: '/account', isWall: false })
})
