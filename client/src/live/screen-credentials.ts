import { screenSelf } from '@stagewatch/shared/contract/screen.ts'
import { z } from 'zod'
import { lastingStorage } from './page-storage.ts'

const screenCredentials = z.object({
  token: z.string(),
  /** The one before, until the server has taken the new one. */
  formerToken: z.string().optional(),
  /** What the server said last of this screen. */
  self: screenSelf,
})

/** What a paired screen keeps over the times at which it is switched off. */
export type ScreenCredentials = z.infer<typeof screenCredentials>

const place = 'stagewatch.screen'

/** Undefined: nobody has paired this screen. */
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

/** The server gives a new token to a line that it has let in with `used`. */
export function credentialsWithToken(credentials: ScreenCredentials, used: string, token: string): ScreenCredentials {
  return { ...credentials, token, formerToken: used }
}

/** The server has let a line in with `used`: when that is the newest token, the one before is dead. */
export function credentialsAccepted(credentials: ScreenCredentials, used: string): ScreenCredentials {
  const { formerToken: _, ...alone } = credentials
  return used === credentials.token ? alone : credentials
}

/** The server does not know `used`; undefined: there is nothing left to try, this is no screen any more. */
export function credentialsRejected(credentials: ScreenCredentials, used: string): ScreenCredentials | undefined {
  // Another page of this screen may have got a new one meanwhile.
  if (used !== credentials.token) return credentials
  const { formerToken, ...alone } = credentials
  return formerToken === undefined ? undefined : { ...alone, token: formerToken }
}
