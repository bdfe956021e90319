import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'
import type { LocalText } from '@stagewatch/shared/domain/process-definition.ts'

/** A source is late when it has been silent for so many times its interval. */
const lateAfterIntervals = 3

/** A system that sends events, as far as the site knows it. Instants by the server's clock. */
export interface KnownSource {
  readonly source: string
  readonly name: LocalText
  /** How often it is expected to report, ms; undefined: nobody has said, so it is never late. */
  readonly intervalMs?: number
  readonly lastReceivedAt?: number
  /** Stages that it has sent events of. */
  readonly stages: readonly string[]
}

/** Who feeds the site, and how long each has been silent. */
export class SourceBook {
  readonly #sources = new Map<string, KnownSource>()
  /** The source that spoke last of each stage. */
  readonly #feeds = new Map<string, string>()
  readonly #changed = new Set<string>()

  /** Takes over what is known of a source: its name and its interval, if it has one, replace the old ones. */
  know(source: KnownSource): void {
    const before = this.#sources.get(source.source)
    const lastReceivedAt = latest(before?.lastReceivedAt, source.lastReceivedAt)
    this.#sources.set(source.source, {
      ...source,
      stages: [...new Set([...(before?.stages ?? []), ...source.stages])],
      ...(lastReceivedAt !== undefined && { lastReceivedAt }),
    })
    for (const stage of source.stages) if (!this.#feeds.has(stage)) this.#feeds.set(stage, source.source)
  }

  /** Something came from the source at `now`, among it events of the stages. */
  received(source: string, stages: ReadonlySet<string>, now: number): void {
    const before = this.#sources.get(source) ?? { source, name: { zh: source, en: source }, stages: [] }
    const fresh = [...stages].filter((stage) => !before.stages.includes(stage))
    this.#sources.set(source, { ...before, lastReceivedAt: now, stages: [...before.stages, ...fresh] })
    for (const stage of stages) this.#feeds.set(stage, source)
    this.#changed.add(source)
  }

  freshness(now: number): Record<string, SourceFreshness> {
    const known: [string, SourceFreshness][] = []
    for (const { source, name, intervalMs, lastReceivedAt } of this.#sources.values()) {
      if (lastReceivedAt === undefined) continue
      const late = isLate(lastReceivedAt, intervalMs, now)
      known.push([source, { name, lastReceivedAt, late, ...(intervalMs !== undefined && { intervalMs }) }])
    }
    return Object.fromEntries(known)
  }

  /** The source that feeds a stage, when it is late. */
  lateSourceOf(stage: string, now: number): string | undefined {
    const known = this.#sources.get(this.#feeds.get(stage) ?? '')
    if (known?.lastReceivedAt === undefined) return undefined
    return isLate(known.lastReceivedAt, known.intervalMs, now) ? known.source : undefined
  }

  /** Sources that have changed since the last call. */
  takeChanged(): KnownSource[] {
    const changed = [...this.#changed].flatMap((source) => this.#sources.get(source) ?? [])
    this.#changed.clear()
    return changed
  }
}

function isLate(lastReceivedAt: number, intervalMs: number | undefined, now: number): boolean {
  return intervalMs !== undefined && now - lastReceivedAt > lateAfterIntervals * intervalMs
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}
