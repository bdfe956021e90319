import { callServer } from './call-server.ts'
import type { Terminal } from './command.ts'
import type { OperatorRequest } from './operator-call.ts'
import { openOperator } from './operator.ts'

/** Makes the one call that a command consists of. */
export function askServer<T>(site: string, request: OperatorRequest, terminal: Terminal): Promise<T> {
  return withServer(site, terminal, (ask) => ask<T>(request))
}

export type AskServer = <T>(request: OperatorRequest) => Promise<T>

/** Makes several calls one after the other, for which the data is opened once. */
export async function withServer<T>(
  site: string,
  terminal: Terminal,
  work: (ask: AskServer) => Promise<T>,
): Promise<T> {
  const operator = await openOperator({ site })
  try {
    return await work((request) => callServer(operator, request, terminal))
  } finally {
    await operator.close()
  }
}
