import { askServer, noAnswer } from './ask-server.ts'

export function withdrawInvitation(site: string, id: string): Promise<unknown> {
  return askServer({ path: `/api/v1/invitations/${encodeURIComponent(id)}`, method: 'DELETE', answer: noAnswer, site })
}
