import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { maxAlertRules } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import type { Author } from '../access/record-access-change.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceChange } from '../platform/site-changes.ts'
import { lockSite } from '../rules/catalog-table.ts'
import { contentOf, deleteAlertRule, loadAlertRules, lockAlertRule, saveAlertRule } from './alert-rules-table.ts'
import type { StoredAlertRule } from './alert-rules-table.ts'
import { refuseUnknownDepartments } from './refuse-unknown-recipients.ts'

/** The alert rules of sites, for those who manage them. */
export class AlertRules {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  list(site: string): Promise<StoredAlertRule[]> {
    return loadAlertRules(this.#database, site)
  }

  /** @throws AppError `conflict` when there are too many, `invalid_field` when a step names an unknown department. */
  async create(request: AlertRuleRequest, author: Author): Promise<StoredAlertRule> {
    const now = this.#clock.now()
    const rule = { ...request, id: randomBytes(9).toString('base64url'), createdAt: now, activeFrom: now }
    await this.#database.transaction(async (tx) => {
      // Serialized, so that the number of rules stays within the limit.
      await lockSite(tx, author.site)
      if ((await loadAlertRules(tx, author.site)).length >= maxAlertRules)
        throw new AppError('conflict', `a site has at most ${maxAlertRules} alert rules: delete one that is not needed`)
      await refuseUnknownDepartments(tx, author.site, [{ rule: request }])
      await saveAlertRule(tx, author.site, rule)
      await recordAccessChange(tx, author, now, { action: 'alert-rule.created', subject: rule.id, after: request })
      await announceChange(tx, author.site, 'alert-rules')
    })
    return rule
  }

  /**
   * @throws AppError `not_found`; `conflict` when somebody else has saved it since; `invalid_field` when a step names an
   * unknown department.
   */
  async change(
    id: string,
    request: AlertRuleRequest,
    author: Author,
    expected: ExpectedVersion,
  ): Promise<StoredAlertRule> {
    return this.#database.transaction(async (tx) => {
      const stored = await this.#lock(tx, author.site, id)
      const before = contentOf(stored)
      requireVersion(expected, { current: before, yours: request })
      if (isDeepStrictEqual(before, request)) return stored
      await refuseUnknownDepartments(tx, author.site, [{ rule: request, before }])
      const now = this.#clock.now()
      const { createdAt, activeFrom: activeSince } = stored
      const activeFrom = judgesAlike(before, request) ? activeSince : now
      const rule = { ...request, id, createdAt, activeFrom }
      await saveAlertRule(tx, author.site, rule)
      await recordAccessChange(tx, author, now, { action: 'alert-rule.changed', subject: id, before, after: request })
      await announceChange(tx, author.site, 'alert-rules')
      return rule
    })
  }

  /** @throws AppError `not_found`. */
  async delete(id: string, author: Author): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const before = contentOf(await this.#lock(tx, author.site, id))
      await deleteAlertRule(tx, author.site, id)
      await recordAccessChange(tx, author, this.#clock.now(), { action: 'alert-rule.deleted', subject: id, before })
      await announceChange(tx, author.site, 'alert-rules')
    })
  }

  async #lock(tx: Queryable, site: string, id: string): Promise<StoredAlertRule> {
    const rule = await lockAlertRule(tx, site, id)
    if (rule === undefined) throw noSuchRule()
    return rule
  }
}

/** Whether both rules cover the same conditions, so that conditions that hold already need no new notification. */
export function judgesAlike(a: AlertRuleRequest, b: AlertRuleRequest): boolean {
  const judged = ({ enabled, condition, scope }: AlertRuleRequest) => ({ enabled, condition, scope })
  return isDeepStrictEqual(judged(a), judged(b))
}

function noSuchRule(): AppError {
  return new AppError('not_found', 'there is no such alert rule', { field: 'id' })
}
