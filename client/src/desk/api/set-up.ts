import type { setupRequest } from '@stagewatch/shared/contract/me.ts'
import type { z } from 'zod'
import { askServer, noAnswer } from './ask-server.ts'

export function setUp(body: z.input<typeof setupRequest>): Promise<unknown> {
  return askServer({ path: '/api/v1/setup', method: 'POST', body, answer: noAnswer })
}
