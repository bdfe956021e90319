import { readFile } from 'node:fs/promises'
import type { Database } from '@stagewatch/db/database.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { changelogAnswer, versionsAnswer } from '@stagewatch/shared/contract/versions.ts'
import { compareVersions } from '@stagewatch/shared/domain/compare-versions.ts'
import { z } from 'zod'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { parseChangelog, releasesSince } from './changelog.ts'
import { lastUpgrade } from './server-instances.ts'
import type { ServerInstances } from './server-instances.ts'

const changelogFile = new URL('../../../CHANGELOG.md', import.meta.url)

interface VersionRouteOptions {
  readonly database: Database
  readonly instances: ServerInstances
}

const changelogQuery = z.strictObject({
  site: z.string().optional(),
  /** Of a release; by default, only the newest release is answered. */
  since: z
    .string()
    .max(100)
    .regex(/^\d+\.\d+\.\d+/)
    .optional(),
})

/** What runs here and what it brings; nothing is requested from elsewhere. */
export function versionRoutes(app: TypedApp, { database, instances }: VersionRouteOptions): void {
  app.get('/api/v1/admin/versions', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'The versions of the running server instances, and the last upgrade',
      tags: ['administration'],
      querystring: z.strictObject({ site: z.string().optional() }),
      response: { 200: versionsAnswer, ...refusals },
    },
    handler: async () => {
      const upgrade = await lastUpgrade(database)
      const running = [...Map.groupBy(await instances.list(), ({ version }) => version)]
        .map(([version, all]) => ({ version, count: all.length }))
        .toSorted((a, b) => compareVersions(a.version, b.version))
      return { version: productVersion, running, ...(upgrade !== undefined && { upgrade }) }
    },
  })

  app.get('/api/v1/admin/changelog', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'The changes of this version, or since an earlier one',
      tags: ['administration'],
      querystring: changelogQuery,
      response: { 200: changelogAnswer, ...refusals },
    },
    handler: async ({ query }) => {
      const releases = parseChangelog(await readFile(changelogFile, 'utf8'))
      return { releases: [...releasesSince(releases, productVersion, query.since)] }
    },
  })
}
