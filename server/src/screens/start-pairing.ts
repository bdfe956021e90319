import type { Database } from '@stagewatch/db/database.ts'
import type { PairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import { insertPairing } from './pairings-table.ts'
import { newSecret, newUserCode, secretHash, shownUserCode } from './screen-secrets.ts'

const validMs = 600_000
const intervalS = 5
/** How long an expired pairing is kept, so that a late screen gets `code_expired` instead of `not_found`. */
const keptMs = 86_400_000
const deviceLength = 300

/** A screen's request to be paired. */
export interface PairingRequest {
  readonly address: string
  /** Description of the device, as sent by the screen. */
  readonly device: string
  /** URL under which people reach the server, without a trailing slash. */
  readonly origin: string
}

export async function startPairing(
  database: Database,
  { address, device, origin }: PairingRequest,
  now: number,
): Promise<PairingStarted> {
  const [deviceCode, userCode] = [newSecret(), newUserCode()]
  const pairing = {
    deviceHash: secretHash(deviceCode),
    userCode,
    address,
    device: device.slice(0, deviceLength),
    askedAt: now,
    expiresAt: now + validMs,
    intervalS,
  }
  await database.transaction((tx) => insertPairing(tx, pairing, now - keptMs))
  const verificationUrl = `${origin}/pair`
  return {
    deviceCode,
    userCode: shownUserCode(userCode),
    verificationUrl,
    verificationUrlComplete: `${verificationUrl}?code=${shownUserCode(userCode)}`,
    expiresInS: validMs / 1_000,
    intervalS,
  }
}
