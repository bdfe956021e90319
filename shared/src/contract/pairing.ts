import { z } from 'zod'
import { screenSelf, screenSettings } from './screen.ts'
import { visibleName } from './visible-name.ts'

/** No vowels, so that no word comes out, and nothing that is easily misread (RFC 8628, section 6.1). */
export const userCodeLetters = 'BCDFGHJKLMNPQRSTVWXZ'

/** As people type it: either case, with or without the hyphen. */
export const userCode = z
  .string()
  .max(20)
  .transform((text) => text.toUpperCase().replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(new RegExp(`^[${userCodeLetters}]{8}$`), 'must be the eight letters on the screen'))

/** The answer of `POST /api/v1/screens/pairing`, in the shape of RFC 8628, section 3.2. */
export const pairingStarted = z.object({
  /** The screen's secret of this pairing. */
  deviceCode: z.string(),
  /** Eight letters, as they are shown. */
  userCode: z.string(),
  /** Where a lead types the code. */
  verificationUrl: z.string(),
  /** The same with the code in it, for a QR code. */
  verificationUrlComplete: z.string(),
  expiresInS: z.int().positive(),
  /** Ask no more often. */
  intervalS: z.int().positive(),
})
export type PairingStarted = z.infer<typeof pairingStarted>

/** The body of `POST /api/v1/screens/pairing/token`. */
export const pairingPoll = z.strictObject({ deviceCode: z.string().min(20).max(200) })

/** Its answer once somebody has approved, given once; until then `authorization_pending` or `slow_down`. */
export const pairingDone = z.object({ token: z.string(), screen: screenSelf })
export type PairingDone = z.infer<typeof pairingDone>

/** The answer of `GET /api/v1/screens/pairing/:userCode`: what the approver compares with what hangs there. */
export const pairingAsked = z.object({
  /** Eight letters, as they are shown. */
  userCode: z.string(),
  address: z.string(),
  device: z.string(),
  /** Epoch ms. */
  askedAt: z.int(),
  expiresAt: z.int(),
})
export type PairingAsked = z.infer<typeof pairingAsked>

/** The body of `POST /api/v1/screens/pairing/:userCode/approve`. */
export const pairingApproval = z.strictObject({ name: visibleName(60), settings: screenSettings })
