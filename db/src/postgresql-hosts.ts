/** Values of `target_session_attrs` in DATABASE_URL that permit writing. */
const writableSessions: ReadonlySet<string> = new Set(['read-write', 'primary', 'any'])

/**
 * The addresses of one database, one URL per host:
 * `postgres://user@db1:5432,db2:5432/stagewatch?target_session_attrs=read-write` names a primary and its standby, in
 * any order. The server always needs write access, so it looks for a host that accepts writes even if the attribute is
 * not set.
 * @throws If the URL is invalid, or requests a session that only reads.
 */
export function postgresqlHosts(url: string): readonly string[] {
  const [, head, hosts, rest] = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)([^#]*)$/.exec(url) ?? []
  if (head === undefined || hosts === undefined || rest === undefined) {
    throw new Error('must begin with postgres:// or postgresql://')
  }
  return hosts.split(',').map((host) => {
    const text = `${head}${host}${rest}`
    if (!URL.canParse(text)) throw new Error(`${host} is no host`)
    const one = new URL(text)
    const wanted = one.searchParams.get('target_session_attrs') ?? 'any'
    if (!writableSessions.has(wanted)) throw new Error(`target_session_attrs=${wanted} would only read; use read-write`)
    // From PostgreSQL 14 on, the driver mistakes a standby for a writable host, so it must not choose.
    one.searchParams.delete('target_session_attrs')
    return one.href
  })
}
