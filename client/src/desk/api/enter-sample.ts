import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { askServer, noAnswer } from './ask-server.ts'

export function enterSample(role: Role): Promise<unknown> {
  return askServer({ path: '/api/v1/sample/enter', method: 'POST', body: { role }, answer: noAnswer })
}
