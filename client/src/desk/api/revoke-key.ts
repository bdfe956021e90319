import { askServer, noAnswer } from './ask-server.ts'

export function revokeKey(site: string, id: string): Promise<unknown> {
  return askServer({ path: `/api/v1/keys/${encodeURIComponent(id)}`, method: 'DELETE', answer: noAnswer, site })
}
