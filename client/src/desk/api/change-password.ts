import { askServer, noAnswer } from './ask-server.ts'

/** Ends the other sessions, too: who knew the old password is out. */
export function changePassword(currentPassword: string, newPassword: string): Promise<unknown> {
  return askServer({
    path: '/api/auth/change-password',
    method: 'POST',
    body: { currentPassword, newPassword, revokeOtherSessions: true },
    answer: noAnswer,
  })
}
