import type { ChangedField } from '@stagewatch/shared/domain/changed-fields.ts'

/**
 * Number of leading path segments that carry no information because all paths share them: the number of the only
 * changed version and, after it, `definition`.
 */
export function commonPathLength(fields: readonly ChangedField[]): number {
  const [first, second] = fields[0]?.path ?? []
  if (first === undefined || !/^\d+$/.test(first)) return 0
  if (!fields.every(({ path }) => path[0] === first && path.length > 1)) return 0
  return second === 'definition' && fields.every(({ path }) => path[1] === second && path.length > 2) ? 2 : 1
}
