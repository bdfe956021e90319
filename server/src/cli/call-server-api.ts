import type { SiteAdded } from '@stagewatch/shared/contract/sites.ts'
import { callServer } from './call-server.ts'
import { siteOptions } from './command.ts'
import type { Terminal } from './command.ts'
import type { LocalAdmin, LocalAdminRequest } from './local-admin.ts'
import { openLocalAdmin } from './local-admin.ts'

/** What a command may create that does not exist. */
export type Creates = 'database' | 'site'

/**
 * Makes a single call, for commands that need only one.
 * @param creates by default nothing: the command is refused if there is no database.
 */
export function callServerApi<T>(
  site: string,
  request: LocalAdminRequest,
  terminal: Terminal,
  creates?: Creates,
): Promise<T> {
  return withServer(site, terminal, (ask) => ask<T>(request), creates)
}

export type AskServer = <T>(request: LocalAdminRequest) => Promise<T>

/**
 * Opens the data once for several consecutive calls.
 * @param creates by default nothing; `site`: a missing site is created first.
 */
export async function withServer<T>(
  site: string,
  terminal: Terminal,
  work: (ask: AskServer) => Promise<T>,
  creates?: Creates,
): Promise<T> {
  const operator = await openLocalAdmin({ site, creator: creates === 'database' ? terminal : undefined })
  try {
    if (creates === 'site') await createSite(site, operator, terminal)
    return await work((request) => callServer(operator, request, terminal))
  } finally {
    await operator.close()
  }
}

/** A command that writes to a site creates it if it does not exist. */
export async function createSite(code: string, operator: LocalAdmin, terminal: Terminal): Promise<void> {
  if (code === siteOptions.site.default) return
  const request = { method: 'POST', path: '/api/v1/admin/sites', body: { code } } as const
  const { created } = await callServer<SiteAdded>(operator, request, terminal)
  if (created) terminal.note(`created the site ${code}`)
}
