import { queryOptions } from '@tanstack/react-query'
import { signInOptions } from '@stagewatch/shared/contract/me.ts'
import { askServer } from './ask-server.ts'

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => askServer({ path: '/api/v1/sign-in', answer: signInOptions, signal }),
})
