import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { untranslated, type LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { Rejection } from '../parse/validation.ts'

/** A source is late after this many intervals without events. */
const lateAfterIntervals = 3

/** Limit per site; events of further sources are rejected. */
export const maxSources = 1_000
/** Further stages are not remembered as those of the source: its events may name any, also when they are rejected. */
const maxStagesOfSource = 1_000
/** Maximum number of sources listed on a board. */
const shownSources = 20

/** Why events of the source are rejected; undefined if they are accepted. */
export type SourceAdmission = (source: string) => Rejection | undefined

const tooMany: Rejection = {
  code: 'too_many_sources',
  field: 'source',
  message: `the site knows ${maxSources} sources already`,
}

/** Sources listed on a board, and the number of further ones. */
export interface SourceOverview {
  readonly sources: Readonly<Record<string, SourceFreshness>>
  readonly moreSources?: { readonly count: number; readonly lateCount: number }
}

/** A system that sends events. Instants are those of the server's clock. */
export interface RegisteredSource {
  readonly source: string
  readonly name: LocalText
  /** Expected interval between events, ms; undefined: not configured, so the source is never late. */
  readonly intervalMs?: number | undefined
  readonly lastReceivedAt?: number
  /** Stages of the events that it has sent. */
  readonly stages: readonly string[]
}

/** The desk is a source that nobody configures. */
function firstName(source: string): LocalText {
  return source === deskSource ? { zh: '工作台', en: 'Desk' } : untranslated(source)
}

/** Sources of a site and how long each has been silent. */
export class SourceRegistry {
  readonly #sources = new Map<string, RegisteredSource>()
  /** The source of the latest event of each stage. */
  readonly #feeds = new Map<string, string>()
  readonly #changed = new Set<string>()
  /** `lastReceivedAt` of each source as last passed to `register`. */
  readonly #takenOver = new Map<string, number | undefined>()

  /**
   * Adds or updates a source: its name and interval, if any, replace the previous ones. A receive time in the future
   * was recorded by a clock that was or is wrong: it counts once, as the current time.
   */
  register(source: RegisteredSource, now: number): void {
    const before = this.#sources.get(source.source)
    const isNews = this.#takenOver.get(source.source) !== source.lastReceivedAt
    this.#takenOver.set(source.source, source.lastReceivedAt)
    const word = isNews && source.lastReceivedAt !== undefined ? Math.min(now, source.lastReceivedAt) : undefined
    const lastReceivedAt = latest(before?.lastReceivedAt, word)
    this.#sources.set(source.source, {
      ...withoutWord(source),
      stages: combined(before?.stages ?? [], source.stages),
      ...(lastReceivedAt !== undefined && { lastReceivedAt }),
    })
    const stages = source.stages.slice(0, maxStagesOfSource)
    for (const stage of stages) if (!this.#feeds.has(stage)) this.#feeds.set(stage, source.source)
  }

  /** Records that the source sent events at `now`, including events of these stages. */
  received(source: string, stages: ReadonlySet<string>, now: number): void {
    // The events of such a source were rejected, see `admission`.
    if (!this.#sources.has(source) && this.#sources.size >= maxSources) return
    const before: RegisteredSource = this.#sources.get(source) ?? { source, name: firstName(source), stages: [] }
    const known = combined(before.stages, stages)
    this.#sources.set(source, { ...before, lastReceivedAt: now, stages: known })
    const isKnown = new Set(known)
    for (const stage of stages) if (isKnown.has(stage)) this.#feeds.set(stage, source)
    this.#changed.add(source)
  }

  /** Shifts all receive times after the wall clock was set, so that no silence becomes longer or shorter. */
  shift(byMs: number): void {
    for (const [name, source] of this.#sources) {
      if (source.lastReceivedAt === undefined) continue
      this.#sources.set(name, { ...source, lastReceivedAt: source.lastReceivedAt + byMs })
    }
  }

  get size(): number {
    return this.#sources.size
  }

  /** Admission for the sources of one commit: new sources in it count towards the limit. */
  admission(): SourceAdmission {
    const fresh = new Set<string>()
    return (source) => {
      if (this.#sources.has(source) || fresh.has(source)) return undefined
      if (this.#sources.size + fresh.size < maxSources) fresh.add(source)
      else return tooMany
      return undefined
    }
  }

  /** The sources that a board lists. */
  overview(now: number): SourceOverview {
    const all = Object.entries(this.freshness(now))
    if (all.length <= shownSources) return { sources: Object.fromEntries(all) }
    const ranked = all.toSorted(([, a], [, b]) => bySilence(a, b))
    const rest = ranked.slice(shownSources)
    const lateCount = rest.filter(([, { late }]) => late).length
    return {
      sources: Object.fromEntries(ranked.slice(0, shownSources)),
      moreSources: { count: rest.length, lateCount },
    }
  }

  /** All sources: late ones first, then by latest event; those that never sent an event come last. */
  ranked(now: number, maxNamed: number): { readonly named: readonly RegisteredSource[]; readonly moreCount: number } {
    const silent = { late: false, lastReceivedAt: -Infinity }
    const ranked = [...this.#sources.values()]
      .map((source) => ({ source, freshness: freshnessOf(source, now) ?? silent }))
      .toSorted((a, b) => bySilence(a.freshness, b.freshness) || (a.source.source < b.source.source ? -1 : 1))
      .map(({ source }) => source)
    return { named: ranked.slice(0, maxNamed), moreCount: Math.max(0, ranked.length - maxNamed) }
  }

  /** Names of the sources with these codes; sources without a name are omitted. */
  namesOf(codes: Iterable<string>): Record<string, LocalText> {
    const named = new Map<string, LocalText>()
    for (const code of new Set(codes)) {
      const name = this.#sources.get(code)?.name
      if (name !== undefined && Object.values(name).some((text) => text !== code)) named.set(code, name)
    }
    return Object.fromEntries(named)
  }

  freshness(now: number): Record<string, SourceFreshness> {
    const known: [string, SourceFreshness][] = []
    for (const source of this.#sources.values()) {
      const freshness = freshnessOf(source, now)
      if (freshness !== undefined) known.push([source.source, freshness])
    }
    return Object.fromEntries(known)
  }

  /** The source that feeds a stage, if it is late. */
  lateSourceOf(stage: string, now: number): string | undefined {
    const known = this.#sources.get(this.#feeds.get(stage) ?? '')
    if (known?.lastReceivedAt === undefined) return undefined
    return isLate(known.lastReceivedAt, known.intervalMs, now) ? known.source : undefined
  }

  /** Sources changed since the last call. */
  takeChanged(): RegisteredSource[] {
    const changed = [...this.#changed].flatMap((source) => this.#sources.get(source) ?? [])
    this.#changed.clear()
    return changed
  }
}

/** Without repetitions. */
function combined(known: readonly string[], more: Iterable<string>): readonly string[] {
  const all = new Set(known)
  for (const stage of more) {
    if (all.size >= maxStagesOfSource) break
    all.add(stage)
  }
  return all.size === known.length ? known : [...all]
}

function withoutWord({ lastReceivedAt: _, ...source }: RegisteredSource): RegisteredSource {
  return source
}

/** Undefined if it has never sent an event. */
function freshnessOf({ name, intervalMs, lastReceivedAt }: RegisteredSource, now: number): SourceFreshness | undefined {
  if (lastReceivedAt === undefined) return undefined
  const late = isLate(lastReceivedAt, intervalMs, now)
  return { name, lastReceivedAt, late, ...(intervalMs !== undefined && { intervalMs }) }
}

/** Late sources first, the longest silent at the top, then the others by latest event. */
function bySilence(a: Pick<SourceFreshness, 'late' | 'lastReceivedAt'>, b: typeof a): number {
  if (a.late !== b.late) return a.late ? -1 : 1
  const newestFirst = Math.sign(b.lastReceivedAt - a.lastReceivedAt) || 0
  return a.late ? -newestFirst : newestFirst
}

export function isLate(lastReceivedAt: number, intervalMs: number | undefined, now: number): boolean {
  return intervalMs !== undefined && now - lastReceivedAt > lateAfterIntervals * intervalMs
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}

/** Sources that have been silent for too long. */
export function lateSources(sources: Readonly<Record<string, SourceFreshness>>): string[] {
  return Object.entries(sources).flatMap(([source, { late }]) => (late ? [source] : []))
}
