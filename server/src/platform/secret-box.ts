import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const version = 'v1'
export const secretKeyBytes = 32
/** As NIST SP 800-38D recommends for GCM. */
const ivBytes = 12
const tagBytes = 16

/** A sealed text cannot be opened: it is damaged, belongs elsewhere, or its key is not available. */
export class SealedSecretError extends Error {
  override readonly name = 'SealedSecretError'
}

/**
 * Encrypts values that must not be readable in the database or in a copy of it. Each sealed text names its key, so that
 * keys can be rotated one text at a time, and is bound to its place: a text that is moved to another row cannot be
 * opened there.
 */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>
  /** Id of the key that seals. */
  readonly keyId: string

  /** @param keys 32 bytes each; the first one seals, all of them can open. */
  constructor(keys: readonly [Buffer, ...Buffer[]]) {
    this.#keys = new Map(keys.map((key) => [idOf(key), key]))
    this.keyId = idOf(keys[0])
  }

  /** @param place where the text is stored, such as `channel:main:abc`. */
  seal(text: string, place: string): string {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv(algorithm, this.#key(this.keyId), iv).setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [version, this.keyId, iv.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  /** @throws SealedSecretError */
  open(sealed: string, place: string): string {
    const [of, keyId = '', iv = '', text = ''] = sealed.split('.')
    if (of !== version) throw new SealedSecretError('a stored secret has a format that this version does not support')
    const bytes = Buffer.from(text, 'base64url')
    const key = this.#key(keyId)
    try {
      const decipher = createDecipheriv(algorithm, key, Buffer.from(iv, 'base64url'), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
    } catch {
      throw new SealedSecretError('a stored secret is damaged, or was encrypted for another record')
    }
  }

  /** Whether the text was sealed with the current sealing key. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.')[1] === this.keyId
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id)
    if (key === undefined)
      throw new SealedSecretError(`a stored secret needs the key ${id}, which is not in SECRETS_KEY`)
    return key
  }
}

/** Distinguishes keys without revealing anything about them. */
function idOf(key: Buffer): string {
  return createHash('sha256').update('stagewatch key id').update(key).digest('hex').slice(0, 8)
}
