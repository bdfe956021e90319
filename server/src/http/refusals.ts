import { problem } from '@stagewatch/shared/contract/problem.ts'

/** What every route that asks who calls may answer instead of what it was asked for. */
export const refusals = { 400: problem, 401: problem, 403: problem, 429: problem } as const
