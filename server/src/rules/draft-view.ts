import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { DraftSummary, ProcessDraft, ProcessReleases } from '@stagewatch/shared/contract/process-draft.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { Actor } from '../access/actor.ts'
import { namesOfPeople } from '../access/change-names.ts'
import type { StoredChange } from '../access/changes-table.ts'
import { versionOf } from '../platform/edit-version.ts'
import { contentOf } from './drafts-table.ts'
import type { StoredDraft } from './drafts-table.ts'
import { recordedHistory } from './recorded-history.ts'
import type { RuleRouteOptions } from './rule-service.ts'

/** Dependencies of the routes of processes and drafts. */
export interface ProcessRouteOptions extends RuleRouteOptions {
  readonly database: Database
}

/** A draft as shown to those who may change rules. */
export async function viewOfDraft(db: Queryable, draft: StoredDraft | undefined): Promise<ProcessDraft | null> {
  if (draft === undefined) return null
  const { savedAt, savedBy } = draft
  const content = contentOf(draft)
  const called = await namesOf(db, [savedBy])
  return { ...content, version: versionOf(content), savedAt, savedBy: called(savedBy) }
}

export async function summariesOf(db: Queryable, drafts: readonly StoredDraft[]): Promise<DraftSummary[]> {
  const called = await namesOf(
    db,
    drafts.map(({ savedBy }) => savedBy),
  )
  return drafts.map(({ definition: { code, name }, savedAt, savedBy }) => ({
    process: code,
    name,
    savedAt,
    savedBy: called(savedBy),
  }))
}

type Release = ProcessReleases['releases'][number]

/**
 * The releases of a process.
 * @param named whether to include who made each change, and why.
 * @param view the visible part of a process.
 */
export async function releasesOf(
  db: Queryable,
  changes: readonly StoredChange[],
  named: boolean,
  view: (process: ProcessDefinition) => ProcessDefinition,
): Promise<Release[]> {
  const called = await namesOf(db, named ? changes.map(({ actor }) => actor) : [])
  return changes.flatMap(({ id, action, changedAt, actor, reason, validFrom, before, after }): Release[] => {
    if (action !== 'process.saved' && action !== 'process.released' && action !== 'process.rolled-back') return []
    const at = (state: unknown) => {
      const history = recordedHistory(state)
      return history === undefined ? null : view(versionAt(history, validFrom ?? changedAt))
    }
    return [
      {
        change: id,
        action,
        changedAt,
        ...(named && { actor: called(actor) }),
        ...(named && reason !== undefined && { reason }),
        ...(validFrom !== undefined && { validFrom }),
        before: at(before),
        after: at(after),
      },
    ]
  })
}

/** People by their current name, all other actors by the recorded one. */
async function namesOf(db: Queryable, actors: readonly Actor[]): Promise<(actor: Actor) => Actor> {
  const emails = actors.filter(({ kind }) => kind === 'person').map(({ name }) => name)
  const people = await namesOfPeople(db, emails)
  return ({ kind, name }) => ({ kind, name: kind === 'person' ? (people.get(name) ?? name) : name })
}
