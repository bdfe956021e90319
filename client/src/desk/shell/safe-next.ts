/** Where somebody goes on after signing in: only to a path of this server, whatever a link says. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return '/account'
  return next
}
