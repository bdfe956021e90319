import { alertRules } from '@stagewatch/db/alerts-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxAlertRules } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { translationsOf } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { and, eq, getTableColumns } from 'drizzle-orm'

export interface StoredAlertRule extends AlertRuleRequest {
  readonly id: string
  /** Epoch ms. */
  readonly createdAt: number
  /** Epoch ms; conditions that held before it cause no notification. */
  readonly activeFrom: number
}

const { site: _site, ...columns } = getTableColumns(alertRules)

/** The rules of a site, oldest first. */
export async function loadAlertRules(db: Queryable, site: string): Promise<StoredAlertRule[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(alertRules)
    .where(eq(alertRules.site, site))
    .orderBy(alertRules.createdAt, alertRules.id)
    .limit(maxAlertRules)
  return rows.map(ruleOf)
}

export async function loadAlertRule(db: Queryable, site: string, id: string): Promise<StoredAlertRule | undefined> {
  const [row] = await drizzleOn(db).select(columns).from(alertRules).where(isRule(site, id))
  return row && ruleOf(row)
}

/** Like `loadAlertRule`, but locks the row until the transaction ends. */
export async function lockAlertRule(tx: Queryable, site: string, id: string): Promise<StoredAlertRule | undefined> {
  const [row] = await drizzleOn(tx).select(columns).from(alertRules).where(isRule(site, id)).for('update')
  return row && ruleOf(row)
}

export async function saveAlertRule(tx: Queryable, site: string, rule: StoredAlertRule): Promise<void> {
  const { id, names = null, ...others } = rule
  const values = { ...others, names }
  await drizzleOn(tx)
    .insert(alertRules)
    .values({ site, id, ...values })
    .onConflictDoUpdate({ target: [alertRules.site, alertRules.id], set: values })
}

/** Its alerts are deleted with it. */
export async function deleteAlertRule(tx: Queryable, site: string, id: string): Promise<void> {
  await drizzleOn(tx).delete(alertRules).where(isRule(site, id))
}

/** Servers of an earlier release change only the name. */
function ruleOf({ names: stored, ...rule }: Omit<typeof alertRules.$inferSelect, 'site'>): StoredAlertRule {
  const names = translationsOf(rule.name, stored)
  return { ...rule, ...(names !== undefined && { names }) }
}

/** The part that the version is computed from. */
export function contentOf({
  id: _id,
  createdAt: _at,
  activeFrom: _from,
  ...content
}: StoredAlertRule): AlertRuleRequest {
  return content
}

function isRule(site: string, id: string) {
  return and(eq(alertRules.site, site), eq(alertRules.id, id))
}
