import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Database } from '@stagewatch/db/database.ts'
import type { AccessRules } from '../access/caller.ts'
import type { ApiKeys } from '../access/api-keys.ts'
import type { Clock } from '../clock/clock.ts'
import type { VisitScans } from '../scan/visit-scans.ts'
import type { ScreenContext } from '../screens/screen-context.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'

export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What routes are handed. */
export interface RouteContext {
  readonly database: Database
  readonly sites: SiteRegistry
  readonly access: AccessRules
  readonly keys: ApiKeys
  readonly clock: Clock
  readonly scans: VisitScans
  readonly screens: ScreenContext
  /** Where people reach the server, without a slash at the end; undefined: nobody has said. */
  readonly publicUrl: string | undefined
  /** See `clientBuild`. */
  readonly build: string
  /** Whether this process has caught up and may be asked. */
  readonly isReady: () => boolean
}
