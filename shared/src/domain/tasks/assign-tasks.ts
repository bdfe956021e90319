/** Rules by which a site assigns tasks, and what it requires before a task is closed. */
export interface TaskRules {
  /** Whether tasks are assigned automatically. */
  readonly assigns: boolean
  /** Number of open tasks at which a person is assigned no more. */
  readonly maxPerPerson: number
  /** Minutes after which the lead is asked instead of a person who has not confirmed. */
  readonly confirmMinutes: number
  /** Hours of waiting after which the assignee is reminded. */
  readonly waitingHours: number
  /** Whether a task has to be closed by somebody other than the person who did the work. */
  readonly needsVerification: boolean
}

export const defaultTaskRules: TaskRules = {
  assigns: true,
  maxPerPerson: 4,
  confirmMinutes: 30,
  waitingHours: 4,
  needsVerification: true,
}

/** A task that nobody has been asked to take. */
export interface TaskToAssign {
  readonly id: number
  /** Empty: the task belongs to no department. */
  readonly department: string
  /** Key of the required skill. Undefined: none is required. */
  readonly skill?: string | undefined
  /** Epoch ms. */
  readonly createdAt: number
}

/** Somebody who may be given tasks. */
export interface Candidate {
  readonly id: string
  /** Undefined: all. */
  readonly departments: readonly string[] | undefined
  readonly skills: readonly string[]
  /** Whether they are at work now, by their calendar and absences. */
  readonly isPresent: boolean
  /** Tasks that they have or are asked to take. */
  readonly openCount: number
  /** When they were last given a task, epoch ms. Undefined: never. */
  readonly lastAssignedAt?: number | undefined
}

/** Why somebody was chosen. */
const chosenReasons = ['onlyOne', 'fewestOpen', 'longestSince'] as const
/** Why nobody was chosen. */
const unassignedReasons = ['nobodyOfDepartment', 'nobodySkilled', 'nobodyPresent', 'everybodyAtCap'] as const
type ChosenReason = (typeof chosenReasons)[number]
type UnassignedReason = (typeof unassignedReasons)[number]

/** Why a task has its assignee. `escalated`: nobody had confirmed; `released`: somebody put it back by hand. */
export const assignReasons = [...chosenReasons, ...unassignedReasons, 'escalated', 'released'] as const
export type AssignReason = (typeof assignReasons)[number]

export type Assignment =
  | {
      readonly to: string
      readonly why: ChosenReason
      /** Tasks that they had before this one. */
      readonly openCount: number
    }
  | { readonly to?: undefined; readonly why: UnassignedReason }

/**
 * Chooses who is asked to take a task. Candidates are the members of its department who have the skill, are at work and
 * have capacity. The one with the fewest open tasks is chosen; a tie goes to the one who has waited longest for a task.
 * If nobody belongs to the department by name, people who work for all departments are the candidates.
 */
export function chooseAssignee(
  { department, skill }: Pick<TaskToAssign, 'department' | 'skill'>,
  candidates: readonly Candidate[],
  { maxPerPerson }: Pick<TaskRules, 'maxPerPerson'>,
): Assignment {
  const named = candidates.filter(({ departments }) => departments?.includes(department) === true)
  const ofDepartment = named.length > 0 ? named : candidates.filter(({ departments }) => departments === undefined)
  if (ofDepartment.length === 0) return { why: 'nobodyOfDepartment' }
  const skilled = skill === undefined ? ofDepartment : ofDepartment.filter(({ skills }) => skills.includes(skill))
  if (skilled.length === 0) return { why: 'nobodySkilled' }
  const present = skilled.filter(({ isPresent }) => isPresent)
  if (present.length === 0) return { why: 'nobodyPresent' }
  const free = present.filter(({ openCount }) => openCount < maxPerPerson)
  const [first, second] = free.toSorted(byTurn)
  if (first === undefined) return { why: 'everybodyAtCap' }
  const { id: to, openCount } = first
  if (second === undefined) return { to, why: 'onlyOne', openCount }
  return { to, why: second.openCount > openCount ? 'fewestOpen' : 'longestSince', openCount }
}

/** Assigns several tasks, oldest first; each adds to the open tasks of its assignee. Results are in that order. */
export function assignTasks(
  tasks: readonly TaskToAssign[],
  candidates: readonly Candidate[],
  rules: Pick<TaskRules, 'maxPerPerson'>,
  now: number,
): { readonly task: TaskToAssign; readonly assignment: Assignment }[] {
  const people = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  return tasks
    .toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id)
    .map((task) => {
      const assignment = chooseAssignee(task, [...people.values()], rules)
      const person = assignment.to === undefined ? undefined : people.get(assignment.to)
      if (person !== undefined)
        people.set(person.id, { ...person, openCount: person.openCount + 1, lastAssignedAt: now })
      return { task, assignment }
    })
}

function byTurn(a: Candidate, b: Candidate): number {
  const { lastAssignedAt: lastA = -Infinity } = a
  const { lastAssignedAt: lastB = -Infinity } = b
  const byTime = lastA === lastB ? 0 : lastA - lastB
  return a.openCount - b.openCount || byTime || (a.id < b.id ? -1 : 1)
}
