import { createECDH, createCipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** The keys of a subscription as a browser provides them, in URL-safe Base64. */
export interface PushKeys {
  readonly p256dh: string
  readonly auth: string
}

/** The random parts of a message; tests set them. */
export interface PushRandomness {
  readonly salt: Buffer
  /** Private key of the message. */
  readonly privateKey: Buffer
}

const recordSize = 4_096
/** Marks the last record, RFC 8188. */
const delimiter = 2

/** The body of a push message, encrypted for one browser: RFC 8291, in one record of `aes128gcm`. */
export function encryptPush(text: string, { p256dh, auth }: PushKeys, random = randomness()): Buffer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(random.privateKey)
  const [receiver, sender] = [Buffer.from(p256dh, 'base64url'), ecdh.getPublicKey()]
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, sender])
  const secret = derive(ecdh.computeSecret(receiver), Buffer.from(auth, 'base64url'), keyInfo, 32)
  const key = derive(secret, random.salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(secret, random.salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const record = [cipher.update(text, 'utf8'), cipher.update(Buffer.of(delimiter)), cipher.final(), cipher.getAuthTag()]
  const size = Buffer.alloc(4)
  size.writeUInt32BE(recordSize)
  return Buffer.concat([random.salt, size, Buffer.of(sender.length), sender, ...record])
}

function randomness(): PushRandomness {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  // Leading zeros are omitted from the result.
  const privateKey = Buffer.alloc(32)
  const written = ecdh.getPrivateKey()
  written.copy(privateKey, privateKey.length - written.length)
  return { salt: randomBytes(16), privateKey }
}

function derive(key: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, length))
}
