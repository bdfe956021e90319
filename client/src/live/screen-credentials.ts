import { screenSelf } from '@stagewatch/shared/contract/screen.ts'
import { z } from 'zod'
import { lastingStorage } from './page-storage.ts'

const screenCredentials = z.object({
  token: z.string(),
  /** The previous token, until the server has accepted the new one. */
  formerToken: z.string().optional(),
  /** The server's last description of this screen. */
  self: screenSelf,
})

/** Data that a paired screen keeps while it is switched off. */
export type ScreenCredentials = z.infer<typeof screenCredentials>

const place = 'stagewatch.screen'

/** Undefined if this screen is not paired. */
export function readScreenCredentials(): ScreenCredentials | undefined {
  try {
    return screenCredentials.safeParse(JSON.parse(lastingStorage.get(place) ?? 'null')).data
  } catch {
    return undefined
  }
}

export function saveScreenCredentials(credentials: ScreenCredentials | undefined): void {
  if (credentials === undefined) lastingStorage.remove(place)
  else lastingStorage.set(place, JSON.stringify(credentials))
}

/** The server issues a new token to a connection that authenticated with `used`. */
export function credentialsWithToken(credentials: ScreenCredentials, used: string, token: string): ScreenCredentials {
  return { ...credentials, token, formerToken: used }
}

/** The server accepted a connection with `used`. If that is the newest token, the previous one is not needed any more. */
export function credentialsAccepted(credentials: ScreenCredentials, used: string): ScreenCredentials {
  const { formerToken: _, ...alone } = credentials
  return used === credentials.token ? alone : credentials
}

/** The server rejected `used`. Undefined: no token is left to try, so this is no longer a paired screen. */
export function credentialsRejected(credentials: ScreenCredentials, used: string): ScreenCredentials | undefined {
  // Another page of this screen may have received a new token in the meantime.
  if (used !== credentials.token) return credentials
  const { formerToken, ...alone } = credentials
  return formerToken === undefined ? undefined : { ...alone, token: formerToken }
}
