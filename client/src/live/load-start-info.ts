import { problem, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { startInfo, type StartInfo } from '@stagewatch/shared/contract/start.ts'

/** The server answered, but not with what was asked for; `code` is undefined when it gave no reason. */
export class StartInfoRefused extends Error {
  readonly code: ProblemCode | undefined
  readonly requestId: string | undefined

  constructor(code: ProblemCode | undefined, requestId: string | undefined) {
    super(`start information refused: ${code ?? 'no reason given'}`)
    this.code = code
    this.requestId = requestId
  }
}

/** @throws StartInfoRefused, or the error of fetch when there is no answer. */
export async function loadStartInfo(signal?: AbortSignal): Promise<StartInfo> {
  const answer = await fetch('/api/v1/start', { headers: { accept: 'application/json' }, signal: signal ?? null })
  const body: unknown = await answer.json().catch(() => undefined)
  const info = startInfo.safeParse(body)
  if (answer.ok && info.success) return info.data
  const reason = problem.safeParse(body).data
  throw new StartInfoRefused(reason?.code, reason?.requestId)
}
