import { askServer, noAnswer } from './ask-server.ts'

export function denyPairing(site: string, userCode: string): Promise<unknown> {
  return askServer({
    path: `/api/v1/screens/pairing/${encodeURIComponent(userCode)}/deny`,
    method: 'POST',
    answer: noAnswer,
    site,
  })
}
