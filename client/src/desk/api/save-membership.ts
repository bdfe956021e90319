import type { Membership } from '@stagewatch/shared/contract/people.ts'
import { askServer, noAnswer } from './ask-server.ts'

export function saveMembership(site: string, id: string, body: Membership): Promise<unknown> {
  return askServer({ path: `/api/v1/people/${encodeURIComponent(id)}`, method: 'PUT', body, answer: noAnswer, site })
}
