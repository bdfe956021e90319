import { hash, randomBytes } from 'node:crypto'

/** The token in a link: 256 random bits, so a plain hash reveals nothing about it. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** The stored form of a token. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'hex')
}
