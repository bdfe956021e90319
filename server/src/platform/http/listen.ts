import { systemCode } from '@stagewatch/db/unusable-database.ts'
import type { TypedApp } from './typed-app.ts'

/** The server cannot listen on the configured address; the message is one sentence that says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** @returns the port; a free one if 0 is requested. @throws ListenError */
export async function listen(http: TypedApp, host: string, port: number): Promise<number> {
  try {
    await http.listen({ host, port })
  } catch (error) {
    throw listenError(error, host, port)
  }
  const address = http.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

function listenError(error: unknown, host: string, port: number): unknown {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new ListenError(
        `PORT: ${port} is in use on ${host}: stop the program that uses it, which may be another Stagewatch, or set another PORT`,
      )
    case 'EACCES':
      return new ListenError(`PORT: this user may not listen on ${port}: set a PORT from 1024 on`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new ListenError(`HOST: ${host} is not an address of this machine: set one, or 0.0.0.0 for all of them`)
    default:
      return error
  }
}
