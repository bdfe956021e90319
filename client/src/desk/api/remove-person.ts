import { askServer, noAnswer } from './ask-server.ts'

export function removePerson(site: string, id: string): Promise<unknown> {
  return askServer({ path: `/api/v1/people/${encodeURIComponent(id)}`, method: 'DELETE', answer: noAnswer, site })
}
