import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import { assignTasks, chooseAssignee } from './assign-tasks.ts'
import type { Candidate, TaskToAssign } from './assign-tasks.ts'

const rules = { maxPerPerson: 2 }
const somebody = (id: string, change: Partial<Candidate> = {}): Candidate => ({
  id,
  departments: ['store'],
  skills: [],
  isPresent: true,
  openCount: 0,
  ...change,
})

describe('a task of a department', () => {
  const task = { department: 'store' }

  it.each([
    ['nobodyOfDepartment', [somebody('li', { departments: ['fleet'] })]],
    ['nobodyPresent', [somebody('li', { isPresent: false })]],
    ['everybodyAtCap', [somebody('li', { openCount: 2 }), somebody('wu', { isPresent: false })]],
  ])('goes to nobody and says so: %s', (why, candidates) => {
    expect(chooseAssignee(task, candidates, rules)).toEqual({ why })
  })

  it('goes to nobody when nobody has its skill, whoever is free', () => {
    const candidates = [somebody('li', { skills: ['weld'] }), somebody('wu')]
    expect(chooseAssignee({ ...task, skill: 'paint' }, candidates, rules)).toEqual({ why: 'nobodySkilled' })
    expect(chooseAssignee({ ...task, skill: 'weld' }, candidates, rules)).toMatchObject({ to: 'li', why: 'onlyOne' })
  })

  it('goes to who has fewest, and among equals to who has waited longest', () => {
    const li = somebody('li', { openCount: 1, lastAssignedAt: 5 })
    const wu = somebody('wu', { openCount: 1, lastAssignedAt: 3 })
    expect(chooseAssignee(task, [li, somebody('zhao')], rules)).toEqual({ to: 'zhao', why: 'fewestOpen', openCount: 0 })
    expect(chooseAssignee(task, [li, wu], rules)).toEqual({ to: 'wu', why: 'longestSince', openCount: 1 })
  })

  it('goes to those who work for all departments only where nobody belongs to it', () => {
    const everywhere = somebody('zhao', { departments: undefined })
    const away = somebody('li', { isPresent: false })
    expect(chooseAssignee(task, [everywhere, away], rules)).toEqual({ why: 'nobodyPresent' })
    expect(chooseAssignee({ department: 'fleet' }, [everywhere, away], rules)).toMatchObject({ to: 'zhao' })
  })
})

it('the oldest task is assigned first when there is room for one', () => {
  const tasks = [
    { id: 2, department: 'store', createdAt: 20 },
    { id: 1, department: 'store', createdAt: 10 },
  ]
  const assigned = assignTasks(tasks, [somebody('li', { openCount: 1 })], rules, 100)
  expect(assigned.map(({ task, assignment }) => [task.id, assignment.why])).toEqual([
    [1, 'onlyOne'],
    [2, 'everybodyAtCap'],
  ])
})

const departments = ['store', 'fleet']
const candidates = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    departments: fc.option(fc.subarray(departments), { nil: undefined }),
    skills: fc.subarray(['weld', 'paint']),
    isPresent: fc.boolean(),
    openCount: fc.integer({ min: 0, max: 5 }),
    lastAssignedAt: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  }),
  { selector: ({ id }) => id },
)
const tasks = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 50 }),
    department: fc.constantFrom(...departments, ''),
    skill: fc.option(fc.constantFrom('weld', 'paint'), { nil: undefined }),
    createdAt: fc.integer({ min: 0, max: 20 }),
  }),
  { selector: ({ id }) => id, maxLength: 20 },
)

describe('whatever tasks and people there are', () => {
  test('nobody is given more than the cap, or a task that is not for them', () => {
    fc.assert(
      fc.property(tasks, candidates, fc.integer({ min: 1, max: 5 }), (some, people, maxPerPerson) => {
        const given = assignTasks(some, people, { maxPerPerson }, 100)
        expect(given).toHaveLength(some.length)
        for (const person of people) {
          const own = given.filter(({ assignment }) => assignment.to === person.id)
          if (own.length === 0) continue
          expect(person.isPresent).toBe(true)
          expect(person.openCount + own.length).toBeLessThanOrEqual(maxPerPerson)
          for (const { task } of own) {
            expect(person.departments === undefined || person.departments.includes(task.department)).toBe(true)
            expect(task.skill === undefined || person.skills.includes(task.skill)).toBe(true)
          }
        }
      }),
      propertyRuns,
    )
  })

  test('the order in which they are named makes no difference', () => {
    const shuffled = fc
      .tuple(tasks, candidates)
      .chain(([some, people]) =>
        fc.tuple(
          fc.constant({ some, people }),
          fc.shuffledSubarray<TaskToAssign>(some, { minLength: some.length }),
          fc.shuffledSubarray<Candidate>(people, { minLength: people.length }),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([{ some, people }, otherTasks, otherPeople]) => {
        expect(assignTasks(otherTasks, otherPeople, rules, 100)).toEqual(assignTasks(some, people, rules, 100))
      }),
      propertyRuns,
    )
  })

  test('a task waits only while a task before it of the same kind waits, too', () => {
    fc.assert(
      fc.property(tasks, candidates, (some, people) => {
        const given = assignTasks(some, people, rules, 100)
        for (const [i, { task, assignment }] of given.entries()) {
          if (assignment.to !== undefined) continue
          const later = given.slice(i + 1).filter((one) => {
            return one.task.department === task.department && one.task.skill === task.skill
          })
          expect(later.every((one) => one.assignment.to === undefined)).toBe(true)
        }
      }),
      propertyRuns,
    )
  })
})
