import { resolve } from 'node:path'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { systemClock } from '../clock/clock.ts'
import { parseEnvironment } from '../environment.ts'
import { identitySettings } from '../identity/identity-settings.ts'
import { httpOperator } from './http-operator.ts'
import type { Operator, OperatorRequest } from './operator-call.ts'
import { operatorReply } from './operator-reply.ts'

/**
 * @throws EnvironmentError when the configuration is wrong.
 * @throws DataDirectoryInUseError when the data directory belongs to a process that does not serve yet.
 */
export async function openOperator({ site }: { readonly site: string }): Promise<Operator> {
  const environment = parseEnvironment(process.env)
  try {
    const { database, lock } = await openDatabase({
      databaseUrl: environment.DATABASE_URL,
      dataDirectory: resolve(environment.DATA_DIR),
    })
    const token = lock?.token ?? ''
    const app = await createApp({
      database,
      clock: systemClock,
      logger: pino({ level: 'error' }, pino.destination(2)),
      identity: identitySettings(environment, database.kind === 'embedded'),
      ...(lock !== undefined && { operatorToken: token }),
    })
    app.identity.servedAt(`http://${environment.HOST}:${environment.PORT}`)
    const headers = operatorHeaders(app.access.operatorToken, site)
    return {
      async call<T>({ method, path, body }: OperatorRequest) {
        const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
        const reply = await app.http.inject({
          method,
          url: path,
          headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
          ...payload,
        })
        return operatorReply<T>(reply.statusCode, reply.body, reply.headers['retry-after'])
      },
      async close() {
        await app.http.close()
        await database.close()
      },
    }
  } catch (error) {
    const holder = error instanceof DataDirectoryInUseError ? error.holder : undefined
    if (holder?.url === undefined) throw error
    return httpOperator(holder.url, operatorHeaders(holder.token, site))
  }
}

function operatorHeaders(token: string, site: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-stagewatch-site': site }
}
