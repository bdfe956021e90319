import { hash, randomBytes } from 'node:crypto'

/** What a link carries: 256 random bits, so that a plain hash of it tells nothing. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a token. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'hex')
}
