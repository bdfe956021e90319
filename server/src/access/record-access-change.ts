import type { Queryable } from '@stagewatch/db/database.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import { recordChange } from './changes-table.ts'
import type { RecordedChange } from './changes-table.ts'

/** Author of a change to people or keys, and its site. */
export interface Author {
  readonly kind: Me['kind']
  readonly name: string
  readonly site: string
}

export type AccessChange = Pick<RecordedChange, 'action' | 'subject'> & {
  /** Omitted if there was no state before, or none is left after. */
  readonly before?: unknown
  readonly after?: unknown
}

/** To be called in the transaction of the change itself. */
export function recordAccessChange(
  tx: Queryable,
  { site, kind, name }: Author,
  changedAt: number,
  { action, subject, before, after }: AccessChange,
): Promise<void> {
  return recordChange(tx, site, { changedAt, actor: { kind, name }, action, subject, before, after })
}
