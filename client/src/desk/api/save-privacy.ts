import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { askServer, noAnswer } from './ask-server.ts'

export function savePrivacy(site: string, body: Privacy): Promise<unknown> {
  return askServer({ path: '/api/v1/privacy', method: 'PUT', body, answer: noAnswer, site })
}
