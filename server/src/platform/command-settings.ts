import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Environment } from './environment.ts'

const defaults = { DATA_DIR: './data', PORT: 4000 } as const

/** Settings that every command in this folder reads. */
export function fileSettings(): NodeJS.Dict<string> {
  return existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
}

/**
 * What to type before a command so that it works on the data of this server, with a trailing space; empty if it does
 * without. An address of PostgreSQL is left out, because it contains a password: with `PORT`, a command finds that the
 * server has other data and is refused.
 * @param file see `fileSettings`.
 */
export function commandSettings(
  { DATABASE_URL: url, DATA_DIR: directory, PORT: port }: Pick<Environment, 'DATABASE_URL' | 'DATA_DIR' | 'PORT'>,
  file: NodeJS.Dict<string>,
  platform: NodeJS.Platform = process.platform,
): string {
  // The shells of Windows do not take settings before a command.
  if (platform === 'win32') return ''
  if (url === undefined) {
    const found = resolve(file['DATA_DIR'] ?? defaults.DATA_DIR)
    return resolve(directory) === found ? '' : `DATA_DIR=${shellWord(resolve(directory))} `
  }
  if (file['DATABASE_URL'] === url || port === Number(file['PORT'] ?? defaults.PORT)) return ''
  return `PORT=${port} `
}

/** Quotes a text as one shell word. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_.:/-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
