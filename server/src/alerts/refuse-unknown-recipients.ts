import { channels } from '@stagewatch/db/channels-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships } from '@stagewatch/db/people-schema.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { departmentNamed } from '@stagewatch/shared/domain/departments.ts'
import { eq } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'
import { loadDepartments } from '../rules/departments-table.ts'

type NamedKind = 'department' | 'person' | 'channel'

type Recipient = AlertRuleRequest['ladder'][number]['to'][number]

/** A rule that is to be saved. */
export interface SavedRule {
  readonly rule: AlertRuleRequest
  /** What it names already may have been removed since, and does not prevent other changes. Undefined: a new rule. */
  readonly before?: AlertRuleRequest | undefined
  /** Prepended to the field of a refusal. */
  readonly field?: string
}

/** @throws AppError `invalid_field` with every step that names a department which is not one of the site. */
export function refuseUnknownDepartments(tx: Queryable, site: string, saved: readonly SavedRule[]): Promise<void> {
  return refuseUnknown(tx, site, saved, ['department'])
}

/** The same for people and channels as well, which a rule of another site may name. */
export function refuseUnknownRecipients(tx: Queryable, site: string, saved: readonly SavedRule[]): Promise<void> {
  return refuseUnknown(tx, site, saved, ['department', 'person', 'channel'])
}

const messages = {
  department: 'is not a department of the site: send the key of one, or create it first',
  person: 'is not the id of a member of the site: send that of one, or leave the recipient out',
  channel: 'is not the id of a channel of the site: send that of one, or leave the recipient out',
} as const satisfies Record<NamedKind, string>

async function refuseUnknown(
  tx: Queryable,
  site: string,
  saved: readonly SavedRule[],
  kinds: readonly NamedKind[],
): Promise<void> {
  const named = saved.flatMap(({ rule, before, field = '' }) => {
    const kept = new Set((before?.ladder ?? []).flatMap(({ to }) => to.map(nameOf)))
    return rule.ladder.flatMap(({ to }, step) =>
      to.flatMap((one, i) => {
        if (!('id' in one) || !kinds.includes(one.kind) || kept.has(nameOf(one))) return []
        return [{ kind: one.kind, id: one.id, field: `${field}ladder.${step}.to.${i}.id` }]
      }),
    )
  })
  const isKnown = {} as Record<NamedKind, (id: string) => boolean>
  for (const kind of new Set(named.map((one) => one.kind))) isKnown[kind] = await knownOf(tx, site, kind)
  const details = named
    .filter(({ kind, id }) => !isKnown[kind](id))
    .map(({ kind, id, field }) => ({ field, message: `"${id}" ${messages[kind]}`, reason: 'wrong' as const }))
  if (details.length > 0) throw new AppError('invalid_field', 'a step names an unknown recipient', { details })
}

/** Not the whole recipient as text, because the database stores its fields in another order. */
function nameOf(recipient: Recipient): string {
  return `${recipient.kind} ${'id' in recipient ? recipient.id : ''}`
}

async function knownOf(tx: Queryable, site: string, kind: NamedKind): Promise<(id: string) => boolean> {
  const on = drizzleOn(tx)
  if (kind === 'department') {
    const known = await loadDepartments(tx, site)
    return (id) => departmentNamed(known, id) !== undefined
  }
  const rows =
    kind === 'person'
      ? await on.select({ id: memberships.userId }).from(memberships).where(eq(memberships.site, site))
      : await on.select({ id: channels.id }).from(channels).where(eq(channels.site, site))
  const ids = new Set(rows.map(({ id }) => id))
  return (id) => ids.has(id)
}
