import type { Queryable } from '@stagewatch/db/database.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import { recordChange } from './changes-table.ts'
import type { RecordedChange } from './changes-table.ts'

/** Who changes what of people or keys, and of which site. */
export interface Author {
  readonly kind: Me['kind']
  readonly name: string
  readonly site: string
}

export type AccessChange = Pick<RecordedChange, 'action' | 'subject'> & {
  /** Left out: there was none, or there is none any more. */
  readonly before?: unknown
  readonly after?: unknown
}

/** Belongs into the transaction of the change itself. */
export function recordAccessChange(
  tx: Queryable,
  { site, kind, name }: Author,
  changedAt: number,
  { action, subject, before, after }: AccessChange,
): Promise<void> {
  return recordChange(tx, site, { changedAt, actor: { kind, name }, action, subject, before, after })
}
