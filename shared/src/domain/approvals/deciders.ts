import type { WorkingCalendar } from '../time/working-calendar.ts'
import type { ApprovalFlow } from './approval-flow.ts'
import type { ApprovalSlot, ApprovalState, ApprovalStepState } from './approval-state.ts'
import { currentStep, hasDecided } from './approval-state.ts'

/** Leads, deputies and absences of a site. People are identified by ids. */
export interface ApprovalPeople {
  /** Whether the person belongs to the site and can sign in. */
  readonly isMember: (person: string) => boolean
  readonly leadsOf: (department: string) => readonly string[]
  /** The deputy of a person who is absent at an instant. Undefined: nobody. */
  readonly deputyOf: (person: string, at: number) => string | undefined
  /** When the person's next absence starts or ends. Undefined: unknown. */
  readonly absenceChangesAt: (person: string, at: number) => number | undefined
}

/** Everything that determines who may act on an approval. */
export interface ApprovalContext {
  readonly flow: ApprovalFlow
  readonly people: ApprovalPeople
  /** Ids of the requesters; if a source gives only a name, everybody with that name. */
  readonly requesters: readonly string[]
  /** Calendar of the stage, in whose working time time-outs are measured. */
  readonly calendar: WorkingCalendar
  /** Epoch ms. */
  readonly now: number
}

/** Somebody who may decide now. */
export interface Decider {
  readonly person: string
  readonly slot: number
  /** Id of the person they stand in for. Undefined: they decide for themselves. */
  readonly onBehalfOf?: string
}

/**
 * The people who may decide now, by slot; named approvers come before their deputies. Nobody decides on their own
 * request, neither directly nor through their deputy, and nobody decides twice in a step. People who have left the site
 * decide nothing, because a link that they were sent does not require signing in.
 */
export function decidersOf(state: ApprovalState, context: ApprovalContext): Decider[] {
  const step = currentStep(state)
  if (step === undefined) return []
  return step.slots.flatMap((slot, place) => {
    if (slot.decidedBy !== undefined) return []
    const deciders = new Map<string, Decider>()
    for (const { person, onBehalfOf } of askedFor(step, slot, context)) {
      if (context.requesters.includes(person) || hasDecided(step, person) || deciders.has(person)) continue
      if (!context.people.isMember(person)) continue
      deciders.set(person, { person, slot: place, ...(onBehalfOf !== undefined && { onBehalfOf }) })
    }
    return [...deciders.values()]
  })
}

type Asked = Pick<Decider, 'person' | 'onBehalfOf'>

function askedFor(step: ApprovalStepState, slot: ApprovalSlot, context: ApprovalContext): Asked[] {
  const { people, requesters, now } = context
  const holders = holdersOf(slot, people)
  const deputies = holders.flatMap(({ person }): Asked[] => {
    const deputy = requesters.includes(person) ? undefined : people.deputyOf(person, now)
    return deputy === undefined ? [] : [{ person: deputy, onBehalfOf: person }]
  })
  const timeout = context.flow.steps[step.step]?.timeout
  const dueAt = timeoutAt(step, slot, context)
  const isOver = slot.isTimedOut || (dueAt !== undefined && dueAt <= now)
  const named = slot.delegate ?? (slot.approver.kind === 'person' ? slot.approver.id : undefined)
  const last: Asked[] =
    timeout === undefined || !isOver
      ? []
      : [{ person: timeout.deputy, ...(named !== undefined && { onBehalfOf: named }) }]
  return [...holders, ...deputies, ...last]
}

/** The regular approvers of a slot, before absences and time-outs. */
function holdersOf({ approver, delegate }: ApprovalSlot, people: ApprovalPeople): Asked[] {
  if (delegate !== undefined) {
    return [{ person: delegate, ...(approver.kind === 'person' && { onBehalfOf: approver.id }) }]
  }
  if (approver.kind === 'person') return [{ person: approver.id }]
  return people.leadsOf(approver.department).map((person) => ({ person }))
}

/** When the deputy may decide as well. Undefined: never. A recorded time-out remains valid if calendars change. */
export function timeoutAt(
  { step }: ApprovalStepState,
  { since }: ApprovalSlot,
  { flow, calendar }: Pick<ApprovalContext, 'flow' | 'calendar'>,
): number | undefined {
  const timeout = flow.steps[step]?.timeout
  return timeout === undefined ? undefined : calendar.instantAfter(since, timeout.afterMs)
}

/** Slots that have timed out without this being recorded yet. */
export function timedOutSlots(state: ApprovalState, context: ApprovalContext): number[] {
  const step = currentStep(state)
  if (step === undefined) return []
  return step.slots.flatMap((slot, place) => {
    const at = timeoutAt(step, slot, context)
    const isNew = slot.decidedBy === undefined && !slot.isTimedOut && at !== undefined && at <= context.now
    return isNew ? [place] : []
  })
}

/** The next instant at which time alone changes who may decide. Undefined: none is known. */
export function nextChangeAt(state: ApprovalState, context: ApprovalContext): number | undefined {
  const step = currentStep(state)
  if (step === undefined) return undefined
  const instants = step.slots.flatMap((slot) => {
    if (slot.decidedBy !== undefined) return []
    const times = slot.isTimedOut ? [] : [timeoutAt(step, slot, context)]
    const absences = holdersOf(slot, context.people).map(({ person }) =>
      context.people.absenceChangesAt(person, context.now),
    )
    return [...times, ...absences].filter((at): at is number => at !== undefined && at > context.now)
  })
  return instants.length === 0 ? undefined : Math.min(...instants)
}

/** Why a person may not act on an approval. */
export type ApprovalRefusal = 'ended' | 'own-request' | 'decided-already' | 'not-asked'

/**
 * The slot that a person acts for.
 * @param slot the requested slot. Undefined: the person's own slot takes precedence over those they stand in for.
 */
export function actsAs(
  state: ApprovalState,
  person: string,
  context: ApprovalContext,
  slot?: number,
): Decider | ApprovalRefusal {
  const step = currentStep(state)
  if (step === undefined) return 'ended'
  if (context.requesters.includes(person)) return 'own-request'
  if (hasDecided(step, person)) return 'decided-already'
  const possible = decidersOf(state, context).filter(
    (decider) => decider.person === person && (slot === undefined || decider.slot === slot),
  )
  return possible.find(({ onBehalfOf }) => onBehalfOf === undefined) ?? possible[0] ?? 'not-asked'
}
