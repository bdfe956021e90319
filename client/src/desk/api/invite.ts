import { invitationCreated, type invitationRequest } from '@stagewatch/shared/contract/people.ts'
import type { z } from 'zod'
import { askServer } from './ask-server.ts'

export function invite(
  site: string,
  body: z.input<typeof invitationRequest>,
): Promise<z.output<typeof invitationCreated>> {
  return askServer({ path: '/api/v1/invitations', method: 'POST', body, answer: invitationCreated, site })
}
