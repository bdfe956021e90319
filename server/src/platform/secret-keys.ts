import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from './app-error.ts'
import { SecretBox, secretKeyBytes } from './secret-box.ts'

/** Stored beside the folder of the embedded database, so that a copy of the database alone opens nothing. */
export const keyFileName = 'stagewatch.secrets-key'

export interface SecretKeysOptions {
  /** Keys from `SECRETS_KEY`; the first one seals. */
  readonly configured?: readonly Buffer[] | undefined
  /** Data directory of the embedded database; undefined if several server instances may share the database. */
  readonly directory?: string | undefined
}

/** @param configured the value of `SECRETS_KEY`. @param directory see `SecretKeysOptions`. */
export function secretKeysFor(configured: string | undefined, directory: string | undefined): SecretKeys {
  return new SecretKeys({ ...(configured !== undefined && { configured: parseSecretKeys(configured) }), directory })
}

/** The keys for stored secrets, read or created when the first secret needs them. */
export class SecretKeys {
  readonly #options: SecretKeysOptions
  #box: Promise<SecretBox> | undefined

  constructor(options: SecretKeysOptions) {
    this.#options = options
  }

  /** @throws AppError `secrets_key_missing` when there is nowhere to keep a key. */
  box(): Promise<SecretBox> {
    this.#box ??= this.#load().catch((error: unknown) => {
      this.#box = undefined
      throw error
    })
    return this.#box
  }

  /** Undefined when there is nowhere to keep a key. */
  boxIfAny(): Promise<SecretBox | undefined> {
    return this.box().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'secrets_key_missing') return undefined
      throw error
    })
  }

  /**
   * Replaces the key in the file with a new one. Configured keys need no replacement: the first one is already in use.
   * @param resealed seals everything again with the given box; both keys are kept until it resolves.
   */
  async rotate(resealed: (box: SecretBox) => Promise<void>): Promise<void> {
    const { directory, configured } = this.#options
    if (directory === undefined || configured !== undefined) return resealed(await this.box())
    await this.box()
    const path = join(directory, keyFileName)
    const before = parseSecretKeys(await readFile(path, 'utf8'))
    const next = randomBytes(secretKeyBytes)
    await replaceFile(path, [next, ...before])
    this.#box = undefined
    await resealed(await this.box())
    await replaceFile(path, [next])
    this.#box = undefined
  }

  async #load(): Promise<SecretBox> {
    const { configured = [], directory } = this.#options
    const [first, ...others] = configured
    if (first !== undefined) return new SecretBox([first, ...others])
    if (directory === undefined) {
      const what = 'set SECRETS_KEY on every server to 32 random bytes in Base64 (openssl rand -base64 32)'
      throw new AppError('secrets_key_missing', `there is no key to encrypt secrets with: ${what}`)
    }
    const [key, ...older] = parseSecretKeys(await readOrMake(join(directory, keyFileName)))
    if (key === undefined) throw new Error(`${join(directory, keyFileName)} does not contain a key`)
    return new SecretBox([key, ...older])
  }
}

/** @returns the keys in a text. @throws Error if one does not have the required length. */
export function parseSecretKeys(text: string): Buffer[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.map((word) => {
    const key = Buffer.from(word, 'base64')
    if (key.length !== secretKeyBytes || !/^[\w+/-]+={0,2}$/.test(word)) {
      throw new Error('must be 32 bytes in Base64 (openssl rand -base64 32); several separated by commas, newest first')
    }
    return key
  })
}

async function readOrMake(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const made = `${randomBytes(secretKeyBytes).toString('base64')}\n`
  // Never overwrites an existing key: everything sealed with it would be lost.
  await writeFile(path, made, { mode: 0o600, flag: 'wx', flush: true })
  return made
}

/** Atomic: the file has the old content or the new one. */
async function replaceFile(path: string, keys: readonly Buffer[]): Promise<void> {
  const next = `${path}.next`
  await writeFile(next, `${keys.map((key) => key.toString('base64')).join('\n')}\n`, { mode: 0o600, flush: true })
  await rename(next, path)
}
