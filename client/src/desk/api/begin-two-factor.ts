import { z } from 'zod'
import { askServer } from './ask-server.ts'

const begun = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) })
export type TwoFactorBegun = z.infer<typeof begun>

/** Makes a secret; it counts from the first code that is confirmed. */
export function beginTwoFactor(password: string): Promise<TwoFactorBegun> {
  return askServer({ path: '/api/auth/two-factor/enable', method: 'POST', body: { password }, answer: begun })
}
