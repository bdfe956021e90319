import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships } from '@stagewatch/db/people-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { peopleOfFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { and, eq } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'

type NamedPerson = readonly [field: string, id: string, stage: string]

function peopleOfProcess({ stages }: ProcessDefinition): NamedPerson[] {
  return stages.flatMap(({ approval, code }, place) =>
    approval === undefined
      ? []
      : peopleOfFlow(approval).map(([field, id]): NamedPerson => [`stages.${place}.approval.${field}`, id, code]),
  )
}

/**
 * Rejects unknown approvers, because an approval without approvers would block its orders forever. People that the
 * process already named are accepted, because past versions do not change when somebody leaves.
 * @throws AppError `invalid_field` with every place that newly names a person who is not a member of the site.
 */
export async function refuseUnknownApprovers(
  tx: Queryable,
  site: string,
  before: ProcessHistory | undefined,
  after: ProcessHistory,
): Promise<void> {
  const known = new Set((before ?? []).flatMap(({ definition }) => peopleOfProcess(definition).map(([, id]) => id)))
  const named = after.flatMap(({ definition }) => peopleOfProcess(definition)).filter(([, id]) => !known.has(id))
  if (named.length === 0) return
  const ids = named.map(([, id]) => id)
  const found = await drizzleOn(tx)
    .select({ id: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.site, site), anyOf(memberships.userId, ids)))
  const members = new Set(found.map(({ id }) => id))
  const details = named
    .filter(([, id]) => !members.has(id))
    .map(([field, , stage]) => ({
      field,
      message: `the approval in ${stage} names a person who is not a member of the site`,
      reason: 'unknown' as const,
    }))
  if (details.length === 0) return
  throw new AppError('invalid_field', 'an approval names a person who is not a member of the site', { details })
}
