import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { versionOf } from '../platform/edit-version.ts'
import type { SiteCatalog } from './site-catalog.ts'

/** All processes of a site with their versions. */
export function processListOf(
  catalog: Pick<SiteCatalog, 'list' | 'histories' | 'get' | 'defaultProcess'>,
  view: (process: ProcessDefinition) => ProcessDefinition = (process) => process,
): ProcessList {
  return {
    processes: catalog.list().map(view),
    histories: catalog.histories().map((versions) => ({
      process: versions[0].definition.code,
      version: versionOf(versions),
      versions: versions.map((version) => ({ ...version, definition: view(version.definition) })),
    })),
    defaultProcess: catalog.get(catalog.defaultProcess) === undefined ? null : catalog.defaultProcess,
  }
}

/** Placeholder for a name that must not be shown. */
const unnamed = '**'

/**
 * A process as shown to callers who may not change it. Limits keep their positions, because visits refer to them by
 * index. In conditions of limits and approvals, customers are masked and hidden amounts are left out; names of other
 * departments are hidden everywhere. Approvers who are people stay, because their ids tell no names.
 */
export function viewOfProcess(process: ProcessDefinition, audience: Audience): ProcessDefinition {
  const stages = process.stages.map(({ targets, department, approval, ...stage }) => ({
    ...stage,
    ...(department !== undefined && { department: seenDepartment(department, audience) }),
    ...(targets !== undefined && {
      targets: targets.map(({ when, ...rule }) => ({ ...rule, when: viewOfCondition(when, audience) })),
    }),
    ...(approval !== undefined && { approval: viewOfFlow(approval, audience) }),
  }))
  return { ...process, stages }
}

function viewOfFlow({ steps, approveWhen, ...flow }: ApprovalFlow, audience: Audience): ApprovalFlow {
  return {
    ...flow,
    steps: steps.map(({ approvers, when, ...step }) => ({
      ...step,
      approvers: approvers.map((approver, i) => {
        if (approver.kind === 'person') return approver
        const department = seenDepartment(approver.department, audience)
        // The approvers of a step differ from each other.
        return { ...approver, department: department === unnamed ? `${unnamed}${i + 1}` : department }
      }),
      ...(when !== undefined && { when: viewOfCondition(when, audience) }),
    })),
    ...(approveWhen !== undefined && { approveWhen: viewOfCondition(approveWhen, audience) }),
  }
}

function viewOfCondition(condition: TargetCondition, audience: Audience): TargetCondition {
  const { departments, privacy } = audience
  const { customer, department, amount, ...others } = condition
  // It is not known which department's customers a condition names.
  const named = (name: string) => {
    if (departments !== undefined) return unnamed
    return privacy.customers === 'masked' ? maskedName(name) : name
  }
  return {
    ...others,
    ...(customer !== undefined && { customer: customer.map(named) }),
    ...(department !== undefined && { department: department.map((name) => seenDepartment(name, audience)) }),
    ...(amount !== undefined && privacy.amounts === 'shown' && { amount }),
  }
}

function seenDepartment(name: string, { departments }: Audience): string {
  return departments === undefined || departments.includes(name) ? name : unnamed
}
