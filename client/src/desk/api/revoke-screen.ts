import { askServer, noAnswer } from './ask-server.ts'

export function revokeScreen(site: string, id: string): Promise<unknown> {
  return askServer({ path: `/api/v1/screens/${encodeURIComponent(id)}`, method: 'DELETE', answer: noAnswer, site })
}
