import { keyCreated, type KeyRequest } from '@stagewatch/shared/contract/admin.ts'
import type { z } from 'zod'
import { askServer } from './ask-server.ts'

export function createKey(site: string, body: KeyRequest): Promise<z.output<typeof keyCreated>> {
  return askServer({ path: '/api/v1/admin/keys', method: 'POST', body, answer: keyCreated, site })
}
