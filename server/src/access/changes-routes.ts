import type { Database } from '@stagewatch/db/database.ts'
import { changeList, changesQuery } from '@stagewatch/shared/contract/changes.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { withNames } from './change-names.ts'
import { loadChanges } from './changes-table.ts'
import { readAs } from './read-as.ts'
import { callerOf } from './route-access.ts'

/** The change log. */
export function changesRoutes(app: TypedApp, { database }: { readonly database: Database }): void {
  app.get('/api/v1/admin/changes', {
    config: { access: 'changes.read' },
    schema: {
      summary: 'Changes to rules and settings, newest first',
      tags: ['administration'],
      querystring: changesQuery,
      response: { 200: changeList, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { site } = caller
      const { from = 0, limit, cursor } = request.query
      // One more than the page holds, to learn whether there is another page.
      const question = { after: from - 1, before: cursor, limit: limit + 1 }
      const found = await readAs(database, caller, (tx) => loadChanges(tx, site, question))
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return {
        changes: await withNames(database, site, page),
        ...(last !== undefined && found.length > limit && { cursor: String(last.id) }),
      }
    },
  })
}
