import { callServer } from './call-server.ts'
import type { OperatorRequest } from './operator.ts'
import { openOperator } from './operator.ts'

/** Makes the one call that a command consists of. */
export async function askServer<T>(site: string, request: OperatorRequest, stopped: AbortSignal): Promise<T> {
  const operator = await openOperator({ site })
  try {
    return await callServer<T>(operator, request, stopped)
  } finally {
    await operator.close()
  }
}
