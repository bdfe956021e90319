import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users } from '@stagewatch/db/people-schema.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { localText } from '@stagewatch/shared/contract/names.ts'
import type { ChangeList } from '@stagewatch/shared/contract/changes.ts'
import { untranslated, type LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { StoredChange } from './changes-table.ts'

type NamedChange = ChangeList['changes'][number]

/** Adds the current names of the people who made the changes, and of what was changed. */
export async function withNames(db: Queryable, site: string, changes: readonly StoredChange[]): Promise<NamedChange[]> {
  const emails = changes.flatMap(({ actor, subject }) => [...(actor.kind === 'person' ? [actor.name] : []), subject])
  const ids = changes.filter(({ action }) => action.startsWith('screen.')).map(({ subject }) => subject)
  const people = await namesOfPeople(db, emails)
  const screenNames = namesBy(
    await drizzleOn(db)
      .select({ key: screens.id, name: screens.name })
      .from(screens)
      .where(and(eq(screens.site, site), anyOf(screens.id, ids))),
  )
  return changes.map((change) => {
    const { action, subject, actor, before, after } = change
    const personName = actor.kind === 'person' ? people.get(actor.name) : undefined
    const called = nameIn(after) ?? nameIn(before) ?? (action.startsWith('screen.') ? screenNames : people).get(subject)
    const subjectName = typeof called === 'string' ? untranslated(called) : called
    return {
      ...change,
      actor: { kind: actor.kind, name: actor.name, ...(personName !== undefined && { personName }) },
      ...(subjectName !== undefined && { subjectName }),
    }
  })
}

/** Current names of people by e-mail address; people who were deleted are missing. */
export async function namesOfPeople(db: Queryable, emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { email, name } = users
  return namesBy(await drizzleOn(db).select({ key: email, name }).from(users).where(anyOf(email, emails)))
}

function namesBy(rows: readonly { readonly key: string; readonly name: string }[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({ key, name }) => [key, name]))
}

const named = z.object({ name: z.union([localText, z.string()]) })
const history = z.array(z.object({ definition: named })).min(1)

/** The name in a recorded state; for a process, that of its newest version. */
function nameIn(state: unknown): LocalText | string | undefined {
  const versions = history.safeParse(state)
  return versions.success ? versions.data.at(-1)?.definition.name : named.safeParse(state).data?.name
}
