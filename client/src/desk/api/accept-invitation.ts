import type { invitationAcceptance } from '@stagewatch/shared/contract/people.ts'
import type { z } from 'zod'
import { askServer, noAnswer } from './ask-server.ts'

export function acceptInvitation(body: z.input<typeof invitationAcceptance>): Promise<unknown> {
  return askServer({ path: '/api/v1/invitations/accept', method: 'POST', body, answer: noAnswer })
}
