import type { Database } from '@stagewatch/db/database.ts'
import type { PairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import { insertPairing } from './pairings-table.ts'
import { newSecret, newUserCode, secretHash, shownUserCode } from './screen-secrets.ts'

const validMs = 600_000
const intervalS = 5
/** Who comes late is told that the code has expired, not that there was none. */
const keptMs = 86_400_000
const deviceLength = 300

/** A screen asks to be let in. */
export interface PairingRequest {
  readonly address: string
  /** What it says it is. */
  readonly device: string
  /** Where people reach the server, without a slash at the end. */
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
