import type { Operator, OperatorReply, OperatorRequest } from './operator-call.ts'
import { operatorReply } from './operator-reply.ts'

/** Calls a server over HTTP. `headers` say who calls. */
export function httpOperator(url: string, headers: Readonly<Record<string, string>>): Operator {
  return {
    async call<T>({ method, path, body }: OperatorRequest): Promise<OperatorReply<T>> {
      const json =
        body === undefined
          ? { headers }
          : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const reply = await fetch(new URL(path, url), { method, ...json })
      return operatorReply<T>(reply.status, await reply.text(), reply.headers.get('retry-after') ?? undefined)
    },
    close: () => Promise.resolve(),
  }
}
