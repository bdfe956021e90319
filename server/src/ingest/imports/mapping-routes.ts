import type { Database } from '@stagewatch/db/database.ts'
import { importMapping, mappingList, mappingName, savedMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { callerOf } from '../../access/route-access.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { expectedVersion } from '../../platform/edit-version.ts'
import { refusals } from '../../platform/http/problem-answer.ts'
import type { TypedApp } from '../../platform/http/typed-app.ts'
import { knownExports } from '../files/known-exports.ts'
import { deleteMapping, loadMappings, saveMapping } from './mappings-table.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ name: mappingName })
const config = { access: 'imports.manage' } as const
/** Enough for a mapping with all columns and milestones. */
const mappingBytes = 256 * 1024

/** Saved mappings of a site, for nightly imports. */
export function mappingRoutes(
  app: TypedApp,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  app.get('/api/v1/import-mappings', {
    config,
    schema: {
      summary: 'Mappings of the site by name, and exports of other programs that are recognized',
      tags,
      querystring,
      response: { 200: mappingList, ...refusals },
    },
    handler: async (request) => ({
      mappings: await loadMappings(database, callerOf(request).site),
      presets: knownExports.map(({ name, title, headers, rows }) => ({ name, title, headers: [...headers], rows })),
    }),
  })

  app.put('/api/v1/import-mappings/:name', {
    config,
    bodyLimit: mappingBytes,
    schema: {
      summary: 'Save a mapping under a name',
      tags,
      params,
      querystring,
      body: importMapping,
      response: { 200: savedMapping, ...refusals, 409: problem },
    },
    handler: (request) => {
      const { name } = request.params
      const saved = { name, after: request.body }
      return saveMapping(database, saved, callerOf(request), expectedVersion(request.headers), clock.now())
    },
  })

  app.delete('/api/v1/import-mappings/:name', {
    config,
    schema: {
      summary: 'Delete a mapping',
      tags,
      params,
      querystring,
      response: { 200: mappingList.pick({ mappings: true }), ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      await deleteMapping(database, request.params.name, caller, clock.now())
      return { mappings: await loadMappings(database, caller.site) }
    },
  })
}
