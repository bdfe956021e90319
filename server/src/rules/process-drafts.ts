import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { maxDrafts } from '@stagewatch/shared/contract/process-draft.ts'
import type { ProcessDraftRequest } from '@stagewatch/shared/contract/process-draft.ts'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { lockProcess, lockSite } from './catalog-table.ts'
import { contentOf, deleteDraft, loadDraft, loadDrafts, saveDraft } from './drafts-table.ts'
import type { StoredDraft } from './drafts-table.ts'

/**
 * The drafts of the processes of one site, at most one each. Saving a draft is not recorded, because it has no effect;
 * releasing it is, see `SiteCatalog.release`.
 */
export class ProcessDrafts {
  readonly #database: Database
  readonly #site: string
  readonly #clock: Clock

  constructor(database: Database, site: string, clock: Clock) {
    this.#database = database
    this.#site = site
    this.#clock = clock
  }

  list(): Promise<StoredDraft[]> {
    return loadDrafts(this.#database, this.#site)
  }

  find(process: string): Promise<StoredDraft | undefined> {
    return loadDraft(this.#database, this.#site, process)
  }

  /** @throws AppError `conflict` when somebody else has saved it since, or the site has too many drafts. */
  save(draft: ProcessDraftRequest, savedBy: Actor, expected: ExpectedVersion): Promise<StoredDraft> {
    const { code } = draft.definition
    return this.#database.transaction(async (tx) => {
      await lockProcess(tx, this.#site, code)
      const before = await loadDraft(tx, this.#site, code)
      requireVersion(expected, { current: before && contentOf(before), yours: draft })
      if (before !== undefined && isDeepStrictEqual(contentOf(before), draft)) return before
      if (before === undefined) await this.#requireRoom(tx)
      const saved = { ...draft, savedAt: this.#clock.now(), savedBy }
      await saveDraft(tx, this.#site, saved)
      return saved
    })
  }

  /** @throws AppError `conflict` */
  async #requireRoom(tx: Queryable): Promise<void> {
    // Serializes drafts of different processes, so that their number stays within the limit.
    await lockSite(tx, this.#site)
    if ((await loadDrafts(tx, this.#site)).length < maxDrafts) return
    throw new AppError('conflict', `a site keeps at most ${maxDrafts} drafts: release or discard one first`)
  }

  /** Succeeds if there is no draft. @throws AppError `conflict` when somebody else has saved it since. */
  discard(process: string, actor: Actor, expected: ExpectedVersion): Promise<void> {
    return this.#database.transaction(async (tx) => {
      await lockProcess(tx, this.#site, process)
      const stored = await loadDraft(tx, this.#site, process)
      if (stored === undefined) return
      const before = contentOf(stored)
      requireVersion(expected, { current: before, yours: null })
      await deleteDraft(tx, this.#site, process)
      const change = { changedAt: this.#clock.now(), actor, action: 'draft.discarded', subject: process } as const
      await recordChange(tx, this.#site, { ...change, before: before.definition, after: null })
    })
  }
}
