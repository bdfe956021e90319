import { expect, it } from 'vitest'
import type { ApprovalFlow, ApprovalStep } from '../domain/approvals/approval-flow.ts'
import { plainStage } from '../domain/process-definition.ts'
import { processDefinition } from './process.ts'

const step: ApprovalStep = { approvers: [{ kind: 'person', id: 'li' }], quorum: { kind: 'any' } }

/** What is refused of a process whose second stage of three has the approval: the field, and why. */
function issuesOf(approval: unknown, stages = ['placed', 'approval', 'produced']): string[] {
  const definition = {
    code: 'main',
    name: { en: 'Orders' },
    stages: stages.map((code) => (code === 'approval' ? { ...plainStage(code), approval } : plainStage(code))),
    acceptsNewStages: false,
    goals: {},
  }
  return (processDefinition.safeParse(definition).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
}

it('takes steps with people and leads, conditions, time-outs, automatic approval and a stage to return to', () => {
  const flow: ApprovalFlow = {
    steps: [
      { ...step, when: { amount: { from: 10_000 } }, timeout: { afterMs: 3_600_000, deputy: 'wu' } },
      { approvers: [{ kind: 'lead', department: 'quality' }, ...step.approvers], quorum: { kind: 'count', count: 2 } },
    ],
    approveWhen: { customer: ['ACME'] },
    returnTo: 'placed',
  }
  expect(issuesOf(flow)).toEqual([])
})

it('names the field of what nobody could ever approve', () => {
  const fieldsOf = (approval: unknown, stages?: string[]) =>
    issuesOf(approval, stages).map((issue) => issue.slice(0, issue.indexOf(':')))
  const at = 'stages.1.approval'
  expect(fieldsOf({ steps: [] })).toEqual([`${at}.steps`])
  expect(fieldsOf({ steps: [{ ...step, approvers: [] }] })).toEqual([`${at}.steps.0.approvers`])
  expect(fieldsOf({ steps: [{ ...step, quorum: { kind: 'count', count: 2 } }] })).toEqual([
    `${at}.steps.0.quorum.count`,
  ])
  expect(fieldsOf({ steps: [{ ...step, timeout: { afterMs: 0, deputy: 'wu' } }] })).toEqual([
    `${at}.steps.0.timeout.afterMs`,
  ])
  expect(fieldsOf({ steps: [{ ...step, approvers: [...step.approvers, ...step.approvers] }] })).toEqual([
    `${at}.steps.0.approvers`,
  ])
  expect(fieldsOf({ steps: [step], returnTo: 'produced' })).toEqual([`${at}.returnTo`])
  expect(fieldsOf({ steps: [step], returnTo: 'approval' })).toEqual([`${at}.returnTo`])
  expect(fieldsOf({ steps: [step], returnTo: 'nowhere' })).toEqual([`${at}.returnTo`])
  expect(fieldsOf({ steps: [step] }, ['placed', 'approval'])).toEqual([at])
})

it('says which stage is meant', () => {
  expect(issuesOf({ steps: [step], returnTo: 'produced' })).toEqual([
    'stages.1.approval.returnTo: approval returns to produced, which does not come before it',
  ])
})
