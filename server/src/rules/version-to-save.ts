import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { withVersion } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessHistory, ProcessVersion } from '@stagewatch/shared/domain/process-history.ts'

/** The first version of a process is always valid from the beginning, whatever was requested. */
export function versionToSave(
  before: ProcessHistory | undefined,
  definition: ProcessDefinition,
  validFrom: number | undefined,
  now: number,
): ProcessVersion {
  if (before === undefined) return { definition }
  if (validFrom !== undefined) return { validFrom, definition }
  const current = before.findLast((version) => (version.validFrom ?? -Infinity) <= now) ?? before[0]
  return { ...current, definition }
}

/** The versions of a process including this one, see `versionToSave`. */
export function historyToSave(
  before: ProcessHistory | undefined,
  definition: ProcessDefinition,
  validFrom: number | undefined,
  now: number,
): ProcessHistory {
  const version = versionToSave(before, definition, validFrom, now)
  return before === undefined ? [version] : withVersion(before, version)
}
