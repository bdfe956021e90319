import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { TargetRule } from '@stagewatch/shared/domain/target-rule.ts'
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
 * index. Customers in their conditions are masked; names of other departments are hidden, and so are the people
 * responsible for stages.
 */
export function viewOfProcess(process: ProcessDefinition, audience: Audience): ProcessDefinition {
  const stages = process.stages.map(({ targets, department, ...stage }) => ({
    ...stage,
    ...(department !== undefined && { department: seenDepartment(department, audience) }),
    ...(targets !== undefined && { targets: targets.map((rule) => viewOfRule(rule, audience)) }),
  }))
  return { ...process, stages }
}

function viewOfRule({ when, ...rest }: TargetRule, audience: Audience): TargetRule {
  const { departments, privacy } = audience
  const { customer, department, amount, ...others } = when
  // It is not known which department's customers a rule names.
  const named = (name: string) => {
    if (departments !== undefined) return unnamed
    return privacy.customers === 'masked' ? maskedName(name) : name
  }
  return {
    ...rest,
    when: {
      ...others,
      ...(customer !== undefined && { customer: customer.map(named) }),
      ...(department !== undefined && { department: department.map((name) => seenDepartment(name, audience)) }),
      ...(amount !== undefined && privacy.amounts === 'shown' && { amount }),
    },
  }
}

function seenDepartment(name: string, { departments }: Audience): string {
  return departments === undefined || departments.includes(name) ? name : unnamed
}
