import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { askServer } from './ask-server.ts'

const session = z.object({
  token: z.string(),
  createdAt: z.coerce.date(),
  ipAddress: z.string().nullish(),
  userAgent: z.string().nullish(),
})
const current = z.object({ session: z.object({ token: z.string() }) })

/** Where the person is signed in, and which of these is this browser. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => {
    const [sessions, own] = await Promise.all([
      askServer({ path: '/api/auth/list-sessions', answer: z.array(session), signal }),
      askServer({ path: '/api/auth/get-session', answer: current, signal }),
    ])
    return sessions
      .map(({ token, createdAt, ...rest }) => ({ ...rest, token, createdAt, isCurrent: token === own.session.token }))
      .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  },
})
