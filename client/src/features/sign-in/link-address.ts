import { ownPath } from '@stagewatch/shared/contract/server-paths.ts'

/** The secret of a link like `/join#token=…`; the part after the hash is not sent to any server. */
export function linkToken(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}

/** The target after the sign-in. Only a path on this server is accepted, whatever a link contains. */
export function safeNext(next: string | undefined): string {
  return ownPath(next ?? '') ?? '/home'
}
