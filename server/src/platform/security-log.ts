import type { Logger } from 'pino'

/** Events that an operator looks for when somebody tries to get in, or has succeeded. */
export type SecurityEvent =
  | 'sign-in.succeeded'
  | 'sign-in.failed'
  | 'sign-in.refused'
  | 'second-factor.failed'
  | 'sign-out'
  | 'access.refused'
  | 'reauthentication.succeeded'
  | 'reauthentication.failed'
  | 'password.changed'
  | 'password.reset'
  | 'password.reset-requested'
  | 'second-factor.enabled'
  | 'second-factor.disabled'
  | 'account.linked'
  | 'account.disabled'
  | 'account.enabled'
  | 'sessions.ended'

export interface SecurityDetails {
  /** E-mail address of the person, or name of the key. Undefined if not known. */
  readonly who?: string | undefined
  readonly address: string
  readonly requestId: string
  /** Code of the refusal. */
  readonly reason?: string | undefined
  readonly site?: string | undefined
  /** The requested route. */
  readonly route?: string | undefined
  /** The person or key that was affected, if not the one who acted. */
  readonly subject?: string | undefined
}

const alarming = /\.(?:failed|refused)$/

/** Writes a log line that can be filtered by `security`. It never holds a password, a code, a token or a cookie. */
export function logSecurity(
  logger: Pick<Logger, 'info' | 'warn'>,
  security: SecurityEvent,
  details: SecurityDetails,
): void {
  const { who, ...rest } = details
  const line = { security, ...rest, ...(who !== undefined && { who: namedAccount(who) }) }
  logger[alarming.test(security) ? 'warn' : 'info'](line, `security: ${security}`)
}

/** Limits the length of an account name, which may be anything that somebody typed. */
function namedAccount(who: string): string {
  return who.length > 200 ? `${who.slice(0, 200)}…` : who
}
