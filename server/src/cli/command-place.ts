import { resolve } from 'node:path'
import { hasDatabase } from '@stagewatch/db/has-database.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import type { OpenedDatabase } from '@stagewatch/db/open-database.ts'
import { liveness } from '@stagewatch/shared/contract/versions.ts'
import { AppError } from '../platform/app-error.ts'
import type { Environment } from '../platform/environment.ts'
import { reachableUrls } from '../platform/http/served-hosts.ts'
import type { Terminal } from './command.ts'

type Place = Pick<Environment, 'DATABASE_URL' | 'DATA_DIR' | 'HOST' | 'PORT'>

/** Longer than a server on the same machine needs to answer. */
const answersWithinMs = 2_000
const remedy =
  'set DATA_DIR or DATABASE_URL as for the server, best in the file .env, which the server and the commands read'

export function placeHasData(place: Place): Promise<boolean> {
  return hasDatabase(databaseOf(place))
}

/**
 * Opens the database that a command works on. A command in a shell without the settings of the server must not answer
 * from another, empty database.
 * @param creator Terminal of a command that may create the database.
 * @throws AppError `not_found` if there is no database and the command may not create one, or if a server answers that
 * has another one.
 */
export async function openPlace(place: Place, creator?: Terminal): Promise<OpenedDatabase> {
  if (await placeHasData(place)) return openDatabase(databaseOf(place))
  const name = placeName(place)
  if (creator === undefined)
    throw new AppError('not_found', `there is no data in ${name}: start the server first, or ${remedy}`)
  const url = await answeringServer(place)
  if (url !== undefined)
    throw new AppError('not_found', `the server on ${url} works on other data, and there is none in ${name}: ${remedy}`)
  const opened = await openDatabase(databaseOf(place))
  creator.note(`created a new database in ${name}`)
  return opened
}

function databaseOf({ DATABASE_URL: databaseUrl, DATA_DIR: directory }: Place) {
  return { databaseUrl, dataDirectory: resolve(directory) }
}

/** Without the password that an address may contain. */
function placeName({ DATABASE_URL: url, DATA_DIR: directory }: Place): string {
  return url === undefined
    ? resolve(directory)
    : `the database of DATABASE_URL (${url.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/, '')})`
}

/** The URL of the server of this program that answers at the configured address; undefined if there is none. */
async function answeringServer({ HOST: host, PORT: port }: Place): Promise<string | undefined> {
  const url = port === 0 ? undefined : reachableUrls(host, port).at(-1)
  if (url === undefined) return undefined
  try {
    const reply = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(answersWithinMs) })
    return liveness.safeParse(await reply.json()).success ? url : undefined
  } catch {
    return undefined
  }
}
