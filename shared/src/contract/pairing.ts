import { z } from 'zod'
import { screenSelf, screenSettings } from './screen.ts'
import { visibleName } from './names.ts'

/** No vowels, so that no words result, and no characters that are easily misread (RFC 8628, section 6.1). */
export const userCodeLetters = 'BCDFGHJKLMNPQRSTVWXZ'

/** Accepts either case, with or without the hyphen. */
export const userCode = z
  .string()
  .max(20)
  .transform((text) => text.toUpperCase().replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(new RegExp(`^[${userCodeLetters}]{8}$`), 'must be the eight letters on the screen'))

/** Response of `POST /api/v1/screens/pairing`, in the format of RFC 8628, section 3.2. */
export const pairingStarted = z.object({
  /** The screen's secret for this pairing. */
  deviceCode: z.string(),
  /** Eight letters, formatted for display. */
  userCode: z.string(),
  /** Page where a lead enters the code. */
  verificationUrl: z.string(),
  /** The same with the code included, for a QR code. */
  verificationUrlComplete: z.string(),
  expiresInS: z.int().positive(),
  /** Minimum polling interval. */
  intervalS: z.int().positive(),
})
export type PairingStarted = z.infer<typeof pairingStarted>

/** Request body of `POST /api/v1/screens/pairing/token`. */
export const pairingPoll = z.strictObject({ deviceCode: z.string().min(20).max(200) })

/**
 * Response once the pairing has been approved, returned only once; until then `authorization_pending` or `slow_down`.
 */
export const pairingDone = z.object({ token: z.string(), screen: screenSelf })
export type PairingDone = z.infer<typeof pairingDone>

/** Response of `GET /api/v1/screens/pairing/:userCode`: details that the approver compares with the screen. */
export const pairingAsked = z.object({
  /** Eight letters, formatted for display. */
  userCode: z.string(),
  address: z.string(),
  device: z.string(),
  /** Epoch ms. */
  askedAt: z.int(),
  expiresAt: z.int(),
})
export type PairingAsked = z.infer<typeof pairingAsked>

/** Request body of `POST /api/v1/screens/pairing/:userCode/approve`. */
export const pairingApproval = z.strictObject({ name: visibleName(60), settings: screenSettings })
