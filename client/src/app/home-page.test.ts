import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { expect, it } from 'vitest'
import { wallPath } from '../components/layout/wall-path.ts'
import { homeOf } from './home-page.tsx'

it.each([
  ['administrator', '/overview'],
  ['manager', '/overview'],
  ['lead', '/overview'],
  ['operator', '/orders'],
  ['viewer', '/overview'],
] as const)('%s starts at %s', (role, path) => {
  expect(homeOf({ actions: [...actionsOf(role, undefined)], site: 'east 1' }, 'zh').path).toBe(path)
})

it('somebody who may see the board and nothing else starts at the wall of their site', () => {
  expect(homeOf({ actions: ['board.read'], site: 'east 1' }, 'zh')).toEqual({
    path: wallPath('east 1', 'zh'),
    isWall: true,
  })
})

it('a member without rights starts at their account', () => {
  expect(homeOf({ actions: [], site: 'east' }, 'en')).toEqual({ path: '/account', isWall: false })
})
