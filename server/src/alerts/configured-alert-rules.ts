import { isDeepStrictEqual } from 'node:util'
import { alerts } from '@stagewatch/db/alerts-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { and, eq, inArray } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'
import { announceChange } from '../platform/site-changes.ts'
import type { ConfigSection } from '../rules/config-section.ts'
import { judgesAlike } from './alert-rules.ts'
import { contentOf, deleteAlertRule, loadAlertRules, saveAlertRule } from './alert-rules-table.ts'
import { refuseUnknownRecipients } from './refuse-unknown-recipients.ts'

/**
 * The alert rules, by id. A rule that is left out is deleted if it has never raised an alert, as one is that has just
 * been added by mistake; otherwise it is refused, because its alerts would be deleted with it.
 */
export const alertRulesSection: ConfigSection = {
  async load(db, site) {
    const stored = await loadAlertRules(db, site)
    return { alertRules: Object.fromEntries(stored.map((rule) => [rule.id, contentOf(rule)])) }
  },
  async apply(tx, site, { alertRules: wanted }, { record, changedAt }) {
    if (wanted === undefined) return
    const stored = new Map((await loadAlertRules(tx, site)).map((rule) => [rule.id, rule]))
    const changed = Object.entries(wanted).flatMap(([id, rule]) => {
      const own = stored.get(id)
      const before = own && contentOf(own)
      return isDeepStrictEqual(before, rule) ? [] : [{ id, rule, own, before, field: `config.alertRules.${id}.` }]
    })
    const ended = [...stored.values()].filter(({ id }) => !Object.hasOwn(wanted, id))
    if (changed.length === 0 && ended.length === 0) return
    await refuseRaised(
      tx,
      site,
      ended.map(({ id }) => id),
    )
    await refuseUnknownRecipients(tx, site, changed)
    for (const rule of ended) {
      await deleteAlertRule(tx, site, rule.id)
      await record({ action: 'alert-rule.deleted', subject: rule.id, before: contentOf(rule), after: undefined })
    }
    for (const { id, rule, own, before } of changed) {
      const activeFrom =
        own !== undefined && before !== undefined && judgesAlike(before, rule) ? own.activeFrom : changedAt
      await saveAlertRule(tx, site, { ...rule, id, createdAt: own?.createdAt ?? changedAt, activeFrom })
      const action = own === undefined ? 'alert-rule.created' : 'alert-rule.changed'
      await record({ action, subject: id, before, after: rule })
    }
    await announceChange(tx, site, 'alert-rules')
  },
}

/** @throws AppError `missing_field` with the rules among these that have raised alerts. */
async function refuseRaised(tx: Queryable, site: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await drizzleOn(tx)
    .selectDistinct({ id: alerts.ruleId })
    .from(alerts)
    .where(and(eq(alerts.site, site), inArray(alerts.ruleId, [...ids])))
  if (rows.length === 0) return
  const details = rows.map(({ id }) => ({
    field: `config.alertRules.${id}`,
    message: 'has raised alerts and must not be left out: switch it off with "enabled": false',
    reason: 'missing' as const,
  }))
  throw new AppError('missing_field', 'alert rules that have raised alerts are not deleted', { details })
}
