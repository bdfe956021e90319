import type { ApprovalFlow, Approver } from './approval-flow.ts'
import { requiredCount } from './approval-flow.ts'

/** An immutable entry of an approval. People are identified by ids; instants are epoch ms. */
export type ApprovalEntry = { readonly at: number } & (
  | { readonly kind: 'approved' | 'rejected'; readonly step: number; readonly slot: number; readonly by: string }
  /** One more person has to approve the step. */
  | { readonly kind: 'added'; readonly step: number; readonly to: string }
  /** Another person decides in place of the approver from now on. */
  | { readonly kind: 'delegated'; readonly step: number; readonly slot: number; readonly to: string }
  | { readonly kind: 'timed-out'; readonly step: number; readonly slot: number }
  /** A rule of the process approved the order. */
  | { readonly kind: 'automatic' }
  /** The order has left the stage, or was never in it. */
  | { readonly kind: 'withdrawn' }
)

/** The state of one approver of a step. */
export interface ApprovalSlot {
  readonly approver: Approver
  /** Not named by the process. Added approvers always have to approve, regardless of the quorum of the step. */
  readonly isAdded: boolean
  readonly since: number
  /** The person who decides in place of the approver. */
  readonly delegate?: string
  readonly isTimedOut: boolean
  readonly decidedBy?: string
  readonly decidedAt?: number
}

export interface ApprovalStepState {
  /** Index in the flow. */
  readonly step: number
  /** When its approvers were asked. */
  readonly since: number
  readonly slots: readonly ApprovalSlot[]
  /** When enough approvers had approved. Undefined: not yet. */
  readonly doneAt?: number
}

export type ApprovalOutcome = 'approved' | 'rejected' | 'withdrawn'

export interface ApprovalState {
  /** Undefined: the approval is running. */
  readonly outcome?: ApprovalOutcome
  readonly endedAt?: number
  /** Approved without a decision: by a rule, or because no step applied to the order. */
  readonly isAutomatic: boolean
  /** The steps reached so far; the last one is the current one while the approval is running. */
  readonly reached: readonly ApprovalStepState[]
  /** Indexes in the flow of the steps still to come. */
  readonly coming: readonly number[]
}

export interface OpenedApproval {
  readonly flow: ApprovalFlow
  /** Indexes of the steps that apply to the order, ascending. */
  readonly steps: readonly number[]
  readonly openedAt: number
}

/** Replays the entries of an approval. An entry that is not valid in the current state is ignored. */
export function approvalState(opened: OpenedApproval, entries: readonly ApprovalEntry[]): ApprovalState {
  let state = begin(opened, { isAutomatic: false, reached: [], coming: opened.steps }, opened.openedAt)
  for (const entry of entries) state = applied(opened, state, entry)
  return state
}

/** The step whose approvers are asked now. Undefined: the approval has ended. */
export function currentStep({ outcome, reached }: ApprovalState): ApprovalStepState | undefined {
  return outcome === undefined ? reached.at(-1) : undefined
}

function begin({ flow }: OpenedApproval, state: ApprovalState, at: number): ApprovalState {
  const [next, ...coming] = state.coming
  const step = next === undefined ? undefined : flow.steps[next]
  if (next === undefined || step === undefined) {
    return { ...state, coming: [], outcome: 'approved', endedAt: at, isAutomatic: state.reached.length === 0 }
  }
  const slots = step.approvers.map((approver) => ({ approver, isAdded: false, since: at, isTimedOut: false }))
  return { ...state, coming, reached: [...state.reached, { step: next, since: at, slots }] }
}

function applied(opened: OpenedApproval, state: ApprovalState, entry: ApprovalEntry): ApprovalState {
  const current = currentStep(state)
  if (current === undefined) return state
  if (entry.kind === 'automatic') return { ...state, outcome: 'approved', endedAt: entry.at, isAutomatic: true }
  if (entry.kind === 'withdrawn') return { ...state, outcome: 'withdrawn', endedAt: entry.at }
  if (entry.step !== current.step) return state
  if (entry.kind === 'added') {
    const approver = { kind: 'person', id: entry.to } as const
    const slot = { approver, isAdded: true, since: entry.at, isTimedOut: false }
    return withStep(state, { ...current, slots: [...current.slots, slot] })
  }
  const slot = current.slots[entry.slot]
  if (slot === undefined || slot.decidedBy !== undefined) return state
  const changed = (change: Partial<ApprovalSlot>): ApprovalState =>
    withStep(state, { ...current, slots: current.slots.with(entry.slot, { ...slot, ...change }) })
  switch (entry.kind) {
    case 'delegated':
      return changed({ delegate: entry.to })
    case 'timed-out':
      return changed({ isTimedOut: true })
    case 'approved':
    case 'rejected': {
      if (hasDecided(current, entry.by)) return state
      const decided = changed({ decidedBy: entry.by, decidedAt: entry.at })
      if (entry.kind === 'rejected') return { ...decided, outcome: 'rejected', endedAt: entry.at }
      const step = decided.reached.at(-1)
      if (step === undefined || !isQuorate(opened.flow, step)) return decided
      return begin(opened, withStep(decided, { ...step, doneAt: entry.at }), entry.at)
    }
  }
}

/** A person decides at most once per step, on whoever's behalf, so that two approvals come from two people. */
export function hasDecided({ slots }: ApprovalStepState, person: string): boolean {
  return slots.some(({ decidedBy }) => decidedBy === person)
}

function isQuorate({ steps }: ApprovalFlow, { step, slots }: ApprovalStepState): boolean {
  const rule = steps[step]
  const isApproved = ({ decidedBy }: ApprovalSlot): boolean => decidedBy !== undefined
  const original = slots.filter(({ isAdded }) => !isAdded)
  const added = slots.filter(({ isAdded }) => isAdded)
  return rule !== undefined && original.filter(isApproved).length >= requiredCount(rule) && added.every(isApproved)
}

function withStep(state: ApprovalState, step: ApprovalStepState): ApprovalState {
  return { ...state, reached: [...state.reached.slice(0, -1), step] }
}
