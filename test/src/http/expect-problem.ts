import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { expect } from 'vitest'
import type { Reply } from './call.ts'

/** Expects the standard error body, without any internal details of the server. */
export function expectProblem(reply: Pick<Reply, 'status' | 'body'>, status: number, code: ProblemCode): void {
  expect(reply).toMatchObject({ status, body: { code } })
  expect(() => problem.strict().parse(reply.body)).not.toThrow()
  expect(JSON.stringify(reply.body)).not.toMatch(/ at .*\.[jt]s|node_modules|select |insert |\/server\/|postgres/i)
}
