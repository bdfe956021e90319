import { hash, randomBytes, randomInt } from 'node:crypto'
import { userCodeLetters } from '@stagewatch/shared/contract/pairing.ts'
import { screenTokenPrefix } from '../access/caller.ts'

const userCodeLength = 8

export function newScreenToken(): string {
  return `${screenTokenPrefix}${newSecret()}`
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** 20^8 codes; a code can be guessed only within ten minutes and five attempts. */
export function newUserCode(): string {
  return Array.from({ length: userCodeLength }, () => userCodeLetters[randomInt(userCodeLetters.length)]).join('')
}

/** Two groups of four characters, for people to read and type. */
export function shownUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** Secrets are 256 random bits, so a plain hash reveals nothing about them. */
export function secretHash(secret: string): string {
  return hash('sha256', secret, 'hex')
}
