import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import { maxMentions } from '@stagewatch/shared/contract/order-action.ts'
import type { MentionedPerson } from '@stagewatch/shared/contract/order-action.ts'
import { otherOpenVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { widenedTexts } from '../access/widened-departments.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { AppError } from '../platform/app-error.ts'
import type { ActContext } from './desk-events.ts'

type MentionContext = Pick<ActContext, 'pipeline' | 'database'>

/** A few people who see the order and whose name contains the text; nobody if the site hides people's names. */
export async function suggestPeople(
  caller: Caller,
  text: string,
  order: EngineOrder,
  context: MentionContext,
): Promise<MentionedPerson[]> {
  if (!knowsPeople(caller, context)) return []
  const isNamed = sql`position(lower(${text}) in lower(${users.name})) > 0`
  return peopleOf(caller.site, order, isNamed, context)
}

/**
 * The people that a comment mentions, in order of appearance.
 * @throws AppError `invalid_field` when one of them does not see the order, or people's names are hidden from the
 * caller.
 */
export async function requireMentioned(
  caller: Caller,
  ids: readonly string[] = [],
  order: EngineOrder,
  context: MentionContext,
): Promise<MentionedPerson[]> {
  if (ids.length === 0) return []
  const found = knowsPeople(caller, context)
    ? await peopleOf(caller.site, order, inArray(users.id, [...ids]), context)
    : []
  return [...new Set(ids)].map((id) => {
    const person = found.find((one) => one.id === id)
    if (person !== undefined) return person
    throw new AppError('invalid_field', 'mentions a person who cannot see the order', {
      field: 'do.mentions',
      reason: 'wrong',
    })
  })
}

function knowsPeople(caller: Caller, { pipeline }: MentionContext): boolean {
  return audienceOf(caller, pipeline.privacy.now).privacy.people === 'shown'
}

/** People of the site who see the order; every role may read orders. */
function peopleOf(
  site: string,
  { head, openSlot }: EngineOrder,
  which: SQL,
  { pipeline, database }: MentionContext,
): Promise<MentionedPerson[]> {
  const current = pipeline.engine.open.get(openSlot)
  const going = current === undefined ? [undefined] : [current.visit, ...otherOpenVisits(current.state)]
  const atWork = going.map((visit) => departmentOf(head.attributes, visit))
  return drizzleOn(database)
    .select({ id: users.id, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.site, site),
        isNull(users.disabledAt),
        sql`(${memberships.departments} is null or ${sql.param(atWork)}::text[] && ${widenedTexts(memberships.site, memberships.departments)})`,
        which,
      ),
    )
    .orderBy(users.name, users.id)
    .limit(maxMentions)
}
