/** What DATABASE_URL may say of the session that it wants; anything else could not be written to. */
const writableSessions: ReadonlySet<string> = new Set(['read-write', 'primary', 'any'])

/**
 * The addresses of one database, one URL for each host:
 * `postgres://user@db1:5432,db2:5432/stagewatch?target_session_attrs=read-write` names a primary and its standby,
 * whichever is which. The server writes, so it looks for the host that takes writes whether it is told to or not.
 * @throws when the URL is none, or asks for a session that only reads.
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
    // The driver takes a standby for writable from PostgreSQL 14 on, so it is not asked to choose.
    one.searchParams.delete('target_session_attrs')
    return one.href
  })
}
