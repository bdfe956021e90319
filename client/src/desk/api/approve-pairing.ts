import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { askServer, noAnswer } from './ask-server.ts'

export function approvePairing(
  site: string,
  userCode: string,
  body: { readonly name: string; readonly settings: ScreenSettings },
): Promise<unknown> {
  return askServer({
    path: `/api/v1/screens/pairing/${encodeURIComponent(userCode)}/approve`,
    method: 'POST',
    body,
    answer: noAnswer,
    site,
  })
}
