import { screenSelf } from '@stagewatch/shared/contract/screen.ts'
import { z } from 'zod'

const screenPass = z.object({
  token: z.string(),
  /** The one before, until the server has taken the new one. */
  formerToken: z.string().optional(),
  /** What the server said last of this screen. */
  self: screenSelf,
})

/** What a paired screen keeps over the times at which it is switched off. */
export type ScreenPass = z.infer<typeof screenPass>

const place = 'stagewatch.screen'

/** Undefined: nobody has paired this screen. */
export function readScreenPass(): ScreenPass | undefined {
  try {
    return screenPass.safeParse(JSON.parse(localStorage.getItem(place) ?? 'null')).data
  } catch {
    return undefined
  }
}

export function saveScreenPass(pass: ScreenPass | undefined): void {
  if (pass === undefined) localStorage.removeItem(place)
  else localStorage.setItem(place, JSON.stringify(pass))
}

/** The server gives a new token to a line that it has let in with `used`. */
export function passWithToken(pass: ScreenPass, used: string, token: string): ScreenPass {
  return { ...pass, token, formerToken: used }
}

/** The server has let a line in with `used`: when that is the newest token, the one before is dead. */
export function passTaken(pass: ScreenPass, used: string): ScreenPass {
  const { formerToken: _, ...alone } = pass
  return used === pass.token ? alone : pass
}

/** The server does not know `used`; undefined: there is nothing left to try, this is no screen any more. */
export function passRefused(pass: ScreenPass, used: string): ScreenPass | undefined {
  // Another page of this screen may have got a new one meanwhile.
  if (used !== pass.token) return pass
  const { formerToken, ...alone } = pass
  return formerToken === undefined ? undefined : { ...alone, token: formerToken }
}
