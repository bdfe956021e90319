import type { Database } from '@stagewatch/db/database.ts'
import type { ImportBegin } from '@stagewatch/shared/contract/imports.ts'
import { actorOf } from '../../access/actor.ts'
import type { Caller } from '../../access/caller.ts'
import { recordChange } from '../../access/changes-table.ts'
import { insertImport } from '../batches/imports-table.ts'

/**
 * Records the start of an import and who started it.
 * @param reader the upload that the server itself reads; undefined if a command reads the file.
 * @param now epoch ms.
 * @returns the number of the import.
 */
export function beginImport(
  database: Database,
  begun: ImportBegin,
  caller: Caller,
  now: number,
  reader?: Parameters<typeof insertImport>[5],
): Promise<number> {
  const { site } = caller
  return database.transaction(async (tx) => {
    const id = await insertImport(tx, site, begun, caller.name, now, reader)
    const { file, options } = begun
    const change = { changedAt: now, actor: actorOf(caller), action: 'import.started', subject: String(id) } as const
    await recordChange(tx, site, { ...change, before: null, after: { file, ...options } })
    return id
  })
}
