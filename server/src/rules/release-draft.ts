import type { Queryable } from '@stagewatch/db/database.ts'
import { processChanges } from '@stagewatch/shared/contract/changes.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { Actor } from '../access/actor.ts'
import { loadChanges } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { lockProcess } from './catalog-table.ts'
import { changeProcess } from './change-process.ts'
import { contentOf, deleteDraft, loadDraft } from './drafts-table.ts'
import type { StoredDraft } from './drafts-table.ts'
import { recordedHistory } from './recorded-history.ts'
import { calendarsOfProcess, refuseUnknownCalendars } from './refuse-unknown-calendars.ts'
import { lockRules } from './rules-version.ts'
import { historyToSave } from './version-to-save.ts'

/** Author, reason and start of validity of a release. */
export interface DraftRelease {
  readonly actor: Actor
  readonly reason: string
  /** Epoch ms; undefined to correct the current version. */
  readonly validFrom: number | undefined
  /** Expected version of the draft. */
  readonly expected: ExpectedVersion
}

type Release = DraftRelease & { readonly process: string; readonly changedAt: number }

/** See `SiteCatalog.release`; to be called in a transaction that announces the rules. */
export async function releaseDraft(tx: Queryable, site: string, release: Release): Promise<boolean> {
  const { process, expected, changedAt, actor, reason, validFrom } = release
  await lockRules(tx, site)
  await lockProcess(tx, site, process)
  const draft = await loadDraft(tx, site, process)
  if (draft === undefined) {
    if (await isReleased(tx, site, release)) return false
    throw noDraft(expected)
  }
  requireVersion(expected, { current: contentOf(draft), yours: null })
  await refuseUnknownCalendars(tx, site, calendarsOfProcess(draft.definition))
  const versions = (before: ProcessHistory | undefined): ProcessHistory => {
    const after = historyToSave(before, draft.definition, validFrom, changedAt)
    requireBase(draft, before, after)
    return after
  }
  const change = { action: 'process.released', process, changedAt, actor, reason, validFrom, versions } as const
  const foldsOtherwise = await changeProcess(tx, site, change)
  await deleteDraft(tx, site, process)
  return foldsOtherwise
}

/** Anything saved or learned since the draft was created would be lost. */
function requireBase({ base }: StoredDraft, current: ProcessHistory | undefined, yours: ProcessHistory): void {
  const version = current && versionOf(current)
  if (base === (version ?? null)) return
  const message =
    'the process has changed since the draft was made; merge the changes, and save the draft with the current version as its base'
  throw new AppError('conflict', message, {
    field: 'base',
    conflict: { current: current ?? null, yours, ...(version !== undefined && { version }) },
  })
}

/** Whether the newest change of the process is the release of this draft, so that the request is a retry. */
async function isReleased(tx: Queryable, site: string, { process, expected, reason }: Release): Promise<boolean> {
  const question = { after: -1, limit: 1, subject: process, actions: processChanges }
  const [last] = await loadChanges(tx, site, question)
  if (last?.action !== 'process.released' || last.reason !== reason) return false
  const [before, after] = [recordedHistory(last.before), recordedHistory(last.after)]
  if (after === undefined) return false
  const definition = versionAt(after, last.validFrom ?? last.changedAt)
  return expected === versionOf({ definition, base: before === undefined ? null : versionOf(before) })
}

function noDraft(expected: ExpectedVersion): AppError {
  const wasThere = expected !== null && expected !== '*'
  return wasThere
    ? new AppError('conflict', 'the draft no longer exists: somebody has released or discarded it', {
        field: 'If-Match',
        conflict: { current: null, yours: null },
      })
    : new AppError('not_found', 'the process has no draft', { field: 'code' })
}
