import { ownPath } from '@stagewatch/shared/contract/own-path.ts'

/** The secret of a link like `/join#token=…`; what stands behind the hash is not sent to any server. */
export function linkToken(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}

/** Where somebody goes on after signing in: only to a path of this server, whatever a link says. */
export function safeNext(next: string | undefined): string {
  return ownPath(next ?? '') ?? '/home'
}
