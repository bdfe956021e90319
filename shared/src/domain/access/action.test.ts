import { describe, expect, it } from 'vitest'
import { actions, actionsOf, rolesFor, roles } from './action.ts'

describe('the permissions of a role', () => {
  it('is everything for the administrator of all departments', () => {
    expect([...actionsOf('administrator', undefined)]).toEqual(actions)
  })

  it('never grow from the administrator down, except for reading', () => {
    const counts = roles.map((role) => actionsOf(role, undefined).size)
    expect(counts.slice(0, 4)).toEqual(counts.slice(0, 4).toSorted((a, b) => b - a))
  })

  it('never concerns the whole site where it holds for some departments', () => {
    for (const role of roles) {
      const held = actionsOf(role, ['store'])
      expect([...held].filter((action) => /^(?:site|keys|changes)\.|^rules\.change$|^events\./.test(action))).toEqual(
        [],
      )
    }
  })

  it('includes the board for everybody', () => {
    expect(rolesFor('board.read')).toEqual(roles)
  })
})
