import { callServer } from './call-server.ts'
import type { Terminal } from './command.ts'
import type { OperatorRequest } from './operator-call.ts'
import { openOperator } from './operator.ts'

/** Makes the one call that a command consists of. */
export async function askServer<T>(site: string, request: OperatorRequest, terminal: Terminal): Promise<T> {
  const operator = await openOperator({ site })
  try {
    return await callServer<T>(operator, request, terminal)
  } finally {
    await operator.close()
  }
}
