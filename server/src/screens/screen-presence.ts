import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import { rowsAsTable } from '@stagewatch/db/write-columns.ts'
import type { ScreenReport } from '@stagewatch/shared/contract/screen.ts'
import { sql } from 'drizzle-orm'
import { browserEngine } from './browser-engine.ts'
import type { ScreenKey } from './screens-table.ts'

/** Minimum interval between two writes of a screen's last contact. */
const writeEveryMs = 60_000
/** Other server instances write as often as this one, possibly with some delay. */
const onlineForMs = 90_000

interface Seen {
  readonly key: ScreenKey
  connections: number
  address: string
  browser: string | undefined
  report?: ScreenReport
  seenAt: number
  writtenAt?: number
}

interface LastSeen {
  readonly online: boolean
  readonly lastSeenAt?: number
  readonly address?: string
  readonly report?: ScreenReport
}

/** The screens that are connected to this server instance, and their last reports. */
export class ScreenPresence {
  readonly #seen = new Map<string, Seen>()

  /**
   * A screen has connected; returns a function to call when it disconnects.
   * @param userAgent header of the browser.
   */
  join(key: ScreenKey, address: string, now: number, userAgent?: string): (goneAt: number) => void {
    const browser = browserEngine(userAgent)
    const seen = this.#seen.get(nameOf(key)) ?? { key, connections: 0, address, browser, seenAt: now }
    const { writtenAt: _, ...fresh } = seen
    const joined: Seen = { ...fresh, connections: seen.connections + 1, address, browser, seenAt: now }
    this.#seen.set(nameOf(key), joined)
    return (goneAt) => {
      const current = this.#seen.get(nameOf(key))
      if (current === undefined) return
      current.connections -= 1
      current.seenAt = goneAt
    }
  }

  report(key: ScreenKey, report: ScreenReport, now: number): void {
    const seen = this.#seen.get(nameOf(key))
    if (seen !== undefined) Object.assign(seen, { report, seenAt: now })
  }

  /** Combines what this server instance has seen with the stored values. */
  lastSeen(stored: ScreenKey & Omit<LastSeen, 'online'>, now: number): LastSeen {
    const here = this.#seen.get(nameOf(stored))
    const connected = here !== undefined && here.connections > 0
    const lastSeenAt = connected ? now : Math.max(stored.lastSeenAt ?? 0, here?.seenAt ?? 0) || undefined
    const address = here?.address ?? stored.address
    const report = here?.report ?? stored.report
    return {
      // Seen in the future: the clock was wrong, then or now.
      online: lastSeenAt !== undefined && Math.abs(now - lastSeenAt) < onlineForMs,
      ...(lastSeenAt !== undefined && { lastSeenAt }),
      ...(address !== undefined && { address }),
      ...(report !== undefined && { report }),
    }
  }

  /** Stores which screens have connected or disconnected since, and once a minute those that are connected. */
  async write(db: Queryable, now: number): Promise<void> {
    // Always in the same order: otherwise two server instances could deadlock on each other's rows.
    const due = [...this.#seen]
      .filter(([, seen]) => isDue(seen, now))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, seen]) => ({ name, seen, wasConnected: seen.connections > 0 }))
    if (due.length === 0) return
    const all = due.map(({ seen, wasConnected }) => ({ ...seen, seenAt: wasConnected ? now : seen.seenAt }))
    const rows = rowsAsTable(screens, all, {
      site: ({ key }) => key.site,
      id: ({ key }) => key.id,
      lastSeenAt: ({ seenAt }) => seenAt,
      address: ({ address }) => address,
      browser: ({ browser }) => browser,
      report: ({ report }) => report,
    })
    const seenAt = sql.raw(toInstant('t.last_seen_at'))
    await drizzleOn(db).execute(sql`
      update ${screens} as s set
        last_seen_at = case when s.last_seen_at > now() + interval '1 minute'
          then ${seenAt} else greatest(s.last_seen_at, ${seenAt}) end,
        address = t.address, browser = coalesce(t.browser, s.browser), report = coalesce(t.report::jsonb, s.report)
      from ${rows} where s.site = t.site and s.id = t.id`)
    for (const { name, seen, wasConnected } of due) {
      if (wasConnected) seen.writtenAt = now
      else if (this.#seen.get(name) === seen) this.#seen.delete(name)
    }
  }
}

function isDue({ connections, writtenAt }: Seen, now: number): boolean {
  // The clock may have been set back.
  return connections === 0 || writtenAt === undefined || Math.abs(now - writtenAt) >= writeEveryMs
}

function nameOf({ site, id }: ScreenKey): string {
  return `${site} ${id}`
}
