import type { ImportMapping, MappingList } from '@stagewatch/shared/contract/import-mapping.ts'
import { anyVersion } from '../platform/edit-version.ts'
import { AppError } from '../platform/app-error.ts'
import { callServerApi } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import type { Terminal } from './command.ts'

const path = '/api/v1/import-mappings'

/** @throws AppError `not_found` if the site has no mapping with that name. */
export async function loadSavedMapping(site: string, name: string, terminal: Terminal): Promise<ImportMapping> {
  const { mappings } = await callServerApi<MappingList>(site, { method: 'GET', path }, terminal)
  const found = mappings.find((saved) => saved.name === name)
  if (found !== undefined) return found.mapping
  const names = mappings.map((saved) => saved.name).join(', ')
  throw new AppError(
    'not_found',
    `${name} is no file, and site ${site} keeps no mapping of that name; it has: ${names === '' ? 'none' : names}`,
  )
}

/** Replaces an existing mapping with the same name. */
export async function saveMapping(name: string, mapping: ImportMapping, ask: AskServer): Promise<void> {
  const address = `${path}/${encodeURIComponent(name)}`
  await ask({ method: 'PUT', path: address, body: mapping, version: anyVersion })
}
