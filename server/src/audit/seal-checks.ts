import type { AuditStream } from '@stagewatch/db/audit-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { SealProblem } from '@stagewatch/shared/contract/audit.ts'
import { loadGroups } from './archived-leaves.ts'
import type { StreamTable } from './audit-streams.ts'
import { chainBegin, contains, parsePositions, sealHash } from './seal-chain.ts'
import type { PositionRange } from './seal-chain.ts'

/** A sealed row, or what is left of it. Hashes are hex. */
export interface CheckedRow {
  readonly site: string
  readonly position: string
  /** Hash of the row as it is now. */
  readonly current: string
  /** Hash of the row as it was sealed, if that is known otherwise. */
  readonly sealed: string | null
  /** Hash of the row after personal data was removed from it. */
  readonly redacted: string | null
}

interface StoredSeal {
  readonly seq: number
  readonly positions: string
  readonly rowCount: number
  readonly hash: string
  readonly previous: string | null
}

/** A seal of which some rows have been read. */
interface OpenSeal extends StoredSeal {
  readonly ranges: readonly PositionRange[]
  /** Hash by position. */
  readonly leaves: Map<bigint, string>
}

/** Seals of which rows are awaited at the same time; older ones are given up as incomplete. */
const maxOpenSeals = 2_000
/** Seals that are read at once when no row of them was read. */
const sealsAtOnce = 200

/** Compares the rows of a stream, as they are read, with the seals of all sites. */
export class SealChecks {
  readonly #stream: AuditStream
  readonly #found: (problem: SealProblem) => void
  readonly #sites = new Map<string, SiteChecks>()

  private constructor({ name }: StreamTable, found: (problem: SealProblem) => void) {
    this.#stream = name
    this.#found = found
  }

  /** Knows the seals that exist at the call, and reports those that are missing between them. */
  static async open(db: Queryable, table: StreamTable, found: (problem: SealProblem) => void): Promise<SealChecks> {
    const checks = new SealChecks(table, found)
    const heads = await db.query<{ site: string; seq: number; count: number }>(
      `select site, max(seq) as seq, count(*)::int as count from audit_seals where stream = $1
       group by site order by site`,
      [table.name],
    )
    for (const { site, seq, count } of heads) {
      const ofSite = new SiteChecks(db, { site, stream: table.name, seq, found })
      if (count < seq) await ofSite.reportGaps()
      checks.#sites.set(site, ofSite)
    }
    return checks
  }

  async add(rows: readonly CheckedRow[]): Promise<void> {
    for (const [site, ofSite] of Map.groupBy(rows, (row) => row.site)) {
      const checks = this.#sites.get(site)
      if (checks !== undefined) await checks.add(ofSite)
      else for (const { position } of ofSite) this.#found({ kind: 'added', site, stream: this.#stream, position })
    }
  }

  /** Reports seals whose rows were not all read. */
  async finish(): Promise<({ site: string } & SiteCounts)[]> {
    const reports = []
    for (const [site, checks] of this.#sites) reports.push({ site, ...(await checks.finish()) })
    return reports
  }
}

interface SiteCounts {
  readonly seals: number
  /** Rows in the database. */
  readonly rows: number
  readonly archived: number
  readonly redacted: number
}

interface SiteChecksOptions {
  readonly site: string
  readonly stream: AuditStream
  /** The last seal. */
  readonly seq: number
  readonly found: (problem: SealProblem) => void
}

class SiteChecks {
  readonly #db: Queryable
  readonly #options: SiteChecksOptions
  readonly #open = new Map<number, OpenSeal>()
  /** By number of the seal: 1 once it was read, see `add`. */
  readonly #known: Uint8Array
  #rows = 0
  #archived = 0
  #redacted = 0

  constructor(db: Queryable, options: SiteChecksOptions) {
    this.#db = db
    this.#options = options
    this.#known = new Uint8Array(options.seq + 1)
  }

  async add(rows: readonly CheckedRow[]): Promise<void> {
    await this.#openSeals(rows)
    let seal: OpenSeal | undefined
    for (const row of rows) {
      const position = BigInt(row.position)
      if (seal === undefined || !contains(seal.ranges, position))
        seal = this.#open.values().find(({ ranges }) => contains(ranges, position))
      if (seal === undefined) this.#report('added', { position: row.position })
      else this.#addTo(seal, position, row)
    }
    for (const { seq } of this.#open
      .values()
      .take(Math.max(0, this.#open.size - maxOpenSeals))
      .toArray())
      this.#close(seq)
  }

  async reportGaps(): Promise<void> {
    const { site, stream, seq: last } = this.#options
    const gaps = await this.#db.query<{ seq: number }>(
      `select seq from generate_series(1, $3::int) as numbers (seq)
       where not exists (select from audit_seals s where s.site = $1 and s.stream = $2 and s.seq = numbers.seq) order by seq`,
      [site, stream, last],
    )
    for (const { seq } of gaps) this.#report('gap', { seq })
  }

  async finish(): Promise<SiteCounts> {
    for (const seq of this.#open.keys().toArray()) this.#close(seq)
    await this.#finishUnread()
    return { seals: this.#options.seq, rows: this.#rows, archived: this.#archived, redacted: this.#redacted }
  }

  #addTo(seal: OpenSeal, position: bigint, { current, sealed, redacted, position: text }: CheckedRow): void {
    if (sealed !== null) {
      if (redacted !== current) this.#report('redaction', { seq: seal.seq, position: text })
      this.#redacted++
    }
    this.#rows++
    seal.leaves.set(position, sealed ?? current)
    if (seal.leaves.size === seal.rowCount) this.#close(seal.seq)
  }

  #close(seq: number): void {
    const seal = this.#open.get(seq)
    if (seal === undefined) return
    this.#open.delete(seq)
    const missing = seal.rowCount - seal.leaves.size
    const leaves = [...seal.leaves].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, leaf]) => leaf)
    const previous = seal.previous ?? (seq === 1 ? chainBegin : undefined)
    if (missing === 0 && previous !== undefined && sealHash(previous, leaves) === seal.hash) return
    this.#report(seal.leaves.size === 0 ? 'removed' : 'changed', { seq, ...(missing > 0 && { missing }) })
  }

  /** Reads the seals that may contain the rows and were not read before. */
  async #openSeals(rows: readonly CheckedRow[]): Promise<void> {
    const positions = rows.map(({ position }) => BigInt(position))
    await this.#readSeals('s.last_position >= $4::bigint and s.first_position <= $5::bigint', [
      String(positions.reduce(least)),
      String(positions.reduce(most)),
    ])
  }

  /** The seals of which no row was read: their rows are in archives, or missing. */
  async #finishUnread(): Promise<void> {
    const unread = Array.from(this.#known.keys()).filter((seq) => seq > 0 && this.#known[seq] !== 1)
    for (let from = 0; from < unread.length; from += sealsAtOnce) {
      await this.#readSeals('s.seq = any($4::int[])', [unread.slice(from, from + sealsAtOnce)])
      for (const seq of this.#open.keys().toArray()) this.#close(seq)
    }
  }

  async #readSeals(which: string, parameters: readonly unknown[]): Promise<void> {
    const { site, stream, seq } = this.#options
    const found = await this.#db.query<StoredSeal>(
      `select s.seq, s.positions::text as positions, s.row_count as "rowCount", s.hash, p.hash as previous
       from audit_seals s
       left join audit_seals p on p.site = s.site and p.stream = s.stream and p.seq = s.seq - 1
       where s.site = $1 and s.stream = $2 and s.seq <= $3 and ${which}
       order by s.seq`,
      [site, stream, seq, ...parameters],
    )
    const seals = found.filter((seal) => this.#known[seal.seq] !== 1)
    for (const seal of seals) {
      this.#known[seal.seq] = 1
      this.#open.set(seal.seq, { ...seal, ranges: parsePositions(seal.positions), leaves: new Map() })
    }
    if (stream !== 'events' || seals.length === 0) return
    const archived = await loadGroups(
      this.#db,
      site,
      seals.map((seal) => seal.seq),
    )
    for (const { seq: of, leaves } of archived) {
      const seal = this.#open.get(of)
      for (const [position, leaf] of leaves) seal?.leaves.set(position, leaf)
      this.#archived += leaves.size
    }
  }

  #report(kind: SealProblem['kind'], problem: Omit<SealProblem, 'kind' | 'site' | 'stream'>): void {
    const { site, stream, found } = this.#options
    found({ kind, site, stream, ...problem })
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
