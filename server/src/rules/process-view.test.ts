import { approvalFlow } from '@stagewatch/shared/contract/approval-flow.ts'
import { everybody, openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { expect, it } from 'vitest'
import { viewOfProcess } from './process-view.ts'

const when: TargetCondition = {
  customer: ['Huachen Heavy Industries'],
  priority: ['urgent'],
  department: ['press', 'weld'],
  currency: ['CNY'],
  amount: { from: 50_000 },
}
const name = { zh: '冲压', en: 'Pressing' }
const process: ProcessDefinition = {
  code: 'default',
  name,
  acceptsNewStages: false,
  goals: {},
  stages: [
    {
      code: 'press',
      name,
      department: 'press',
      warnAtRatio: 0.8,
      toleranceRatio: 0.1,
      targets: [{ when, targetMs: 3_600_000 }],
    },
    { code: 'weld', name, department: 'weld', warnAtRatio: 0.8, toleranceRatio: 0.1 },
    { code: 'pack', name, warnAtRatio: 0.8, toleranceRatio: 0.1 },
  ],
}

/** What an audience sees of the limit, and of the department of each stage. */
function seenBy(audience: Audience) {
  const { stages } = viewOfProcess(process, audience)
  const [targets, ...none] = stages.map((stage) => stage.targets)
  expect(none).toEqual([undefined, undefined])
  return { when: targets?.[0]?.when, departments: stages.map(({ department }) => department) }
}

it('a process is shown as it is to those who see everything', () => {
  expect(viewOfProcess(process, everybody)).toEqual(process)
})

it('the conditions of a limit show neither customers nor amounts that are hidden, and keep the others', () => {
  const departments = ['press', 'weld', undefined]
  const masked = { ...openPrivacy, customers: 'masked' } as const
  expect(seenBy({ departments: undefined, privacy: masked })).toEqual({
    when: { ...when, customer: ['Hu**'] },
    departments,
  })
  const { amount: _, ...others } = when
  expect(seenBy({ departments: undefined, privacy: { ...openPrivacy, amounts: 'hidden' } })).toEqual({
    when: others,
    departments,
  })
})

it('a department sees its own name and no other one, and no customer, who may be that of another department', () => {
  expect(seenBy({ departments: ['weld'], privacy: openPrivacy })).toEqual({
    when: { ...when, customer: ['**'], department: ['**', 'weld'] },
    departments: ['**', 'weld', undefined],
  })
})

it('an approval shows of its conditions and departments what limits show, and its steps stay', () => {
  const approval: ApprovalFlow = {
    steps: [
      {
        approvers: [
          { kind: 'person', id: 'p1' },
          { kind: 'lead', department: 'press' },
          { kind: 'lead', department: 'weld' },
          { kind: 'lead', department: 'paint' },
        ],
        quorum: { kind: 'count', count: 4 },
        when,
        timeout: { afterMs: 3_600_000, deputy: 'p2' },
      },
    ],
    approveWhen: when,
    returnTo: 'press',
  }
  const approved = { ...process, stages: [{ ...process.stages[0]!, approval }] }
  expect(viewOfProcess(approved, everybody)).toEqual(approved)

  const strict = { ...openPrivacy, amounts: 'hidden' } as const
  const [stage] = viewOfProcess(approved, { departments: ['weld'], privacy: strict }).stages
  const { amount: _, ...others } = when
  const seen = { ...others, customer: ['**'], department: ['**', 'weld'] }
  expect(stage!.approval).toEqual({
    steps: [
      {
        ...approval.steps[0],
        approvers: [
          { kind: 'person', id: 'p1' },
          { kind: 'lead', department: '**2' },
          { kind: 'lead', department: 'weld' },
          { kind: 'lead', department: '**4' },
        ],
        when: seen,
      },
    ],
    approveWhen: seen,
    returnTo: 'press',
  })
  expect(approvalFlow.safeParse(stage!.approval).success).toBe(true)
})

it('a limit without conditions on them gets none', () => {
  const plain = { ...process, stages: [{ ...process.stages[0]!, targets: [{ when: { priority: ['urgent'] } }] }] }
  expect(viewOfProcess(plain, everybody)).toEqual(plain)
})
