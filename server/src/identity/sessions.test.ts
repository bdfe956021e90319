import { expect, it } from 'vitest'
import { personAt } from './sessions.ts'
import type { SessionPerson } from './sessions-table.ts'

const person: SessionPerson = {
  id: 'p1',
  name: 'Li',
  email: 'li@example.com',
  twoFactor: false,
  fictional: false,
  language: null,
  timeZone: null,
  provenRecently: false,
  memberships: [
    { site: 'east', role: 'viewer', departments: null, seen: null },
    { site: 'main', role: 'lead', departments: ['press'], seen: ['press', 'Press shop'] },
  ],
}

it('a person acts at the site that is asked for, or at the first of theirs, in the role they have there', () => {
  const first = personAt(person, undefined, 'default')
  expect(first).toMatchObject({ kind: 'person', id: 'p1', name: 'li@example.com', site: 'east', role: 'viewer' })
  expect(first).not.toHaveProperty('departments')
  const lead = personAt(person, 'main', 'default')
  // All texts with which events name the departments.
  expect(lead).toMatchObject({ site: 'main', role: 'lead', departments: ['press', 'Press shop'] })
  expect([first.actions.has('orders.act'), lead.actions.has('orders.act')]).toEqual([false, true])
})

it('a person without a role there may do nothing', () => {
  const stranger = personAt(person, 'west', 'default')
  expect([stranger.site, stranger.role, stranger.actions.size]).toEqual(['west', undefined, 0])
  expect(personAt({ ...person, memberships: [] }, undefined, 'default').site).toBe('default')
})

it('a person of the sample has nothing with which to confirm who they are', () => {
  const provenAs = (change: Partial<SessionPerson>) => personAt({ ...person, ...change }, 'main', 'main').provenRecently
  expect([provenAs({}), provenAs({ provenRecently: true }), provenAs({ fictional: true })]).toEqual([false, true, true])
})
