import type { LagAnswer, LagDimension, LagQuery, LagSum } from '@stagewatch/shared/contract/analysis.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { chosenStages, isNarrowed } from '../query/visit-choice.ts'
import { analysisPeriod } from './analysis-period.ts'
import type { EventGroup, EventPage, EventSelection, LogEnd } from './recorded-events.ts'

const maxShown = 50
/** Names beyond this number are counted together. */
const maxNames = 5_000
const weekdays = 7
const hoursPerDay = 24

/** Source of the events of a period and of the names of event sources. */
interface LagSource {
  readonly engine: LiveEngine
  readonly read: (selection: EventSelection) => AsyncGenerator<EventPage, LogEnd>
  readonly namesOf: (sources: Iterable<string>) => Readonly<Record<string, LocalText>>
}

/**
 * How late the events of the selected orders were reported.
 * @throws AppError `invalid_field` if the period is invalid or too long.
 */
export async function entryLag(
  { engine, read, namesOf }: LagSource,
  query: LagQuery,
  now: number,
): Promise<Omit<LagAnswer, 'asOf' | 'position'>> {
  const { from, to = Infinity, endsAt } = analysisPeriod(engine, query, now)
  const tally = new LagTally(query.rows)
  const pages = read({ period: { from, to }, by: query.rows, choice: query })
  let importedCount = 0
  let page = await pages.next()
  for (; page.done !== true; page = await pages.next()) {
    importedCount += page.value.importedCount
    for (const group of page.value.groups) tally.add(group, engine)
  }
  const { reachesBackTo } = page.value
  return {
    from,
    to: endsAt,
    ...tally.result(engine, namesOf),
    // Imported events are counted without reading their orders, so they cannot be filtered.
    ...(!isNarrowed(query) && query.process === undefined && { imported: importedCount }),
    ...(reachesBackTo !== undefined && { reachesBackTo }),
  }
}

/** Lags of a group of events. */
class Lags {
  readonly histogram = new DwellHistogram()
  ahead = 0

  add(lagMs: number): void {
    this.histogram.add(Math.max(0, Math.round(lagMs)))
    if (lagMs < 0) this.ahead += 1
  }

  merge({ histogram, ahead }: Lags): void {
    this.histogram.merge(histogram)
    this.ahead += ahead
  }

  get summary(): LagSum {
    const { histogram, ahead } = this
    const [p50, p90] = [histogram.percentile(0.5), histogram.percentile(0.9)]
    return {
      events: histogram.count,
      ...(p50 !== undefined && { p50Ms: p50 }),
      ...(p90 !== undefined && { p90Ms: p90 }),
      ahead,
    }
  }
}

interface LagName {
  readonly key: string
  /** Process of the stage; empty if the row is not a stage. */
  readonly process: string
}

class LagTally {
  readonly #dimension: LagDimension
  readonly #total = new Lags()
  readonly #rows = new Map<string, LagName & { readonly lags: Lags }>()
  /** Names beyond the maximum number. */
  readonly #others = new Lags()
  readonly #hours = Array.from({ length: weekdays }, () => Array.from({ length: hoursPerDay }, () => new Lags()))

  constructor(dimension: LagDimension) {
    this.#dimension = dimension
  }

  add(group: EventGroup, engine: LiveEngine): void {
    const { days } = engine
    const row = this.#rowOf(group, engine)
    for (const [i, occurredAt] of group.occurredAt.entries()) {
      const lagMs = (group.recordedAt[i] ?? occurredAt) - occurredAt
      this.#total.add(lagMs)
      row.add(lagMs)
      this.#hours[days.weekdayOf(occurredAt) - 1]?.[days.hourOf(occurredAt)]?.add(lagMs)
    }
  }

  result(engine: LiveEngine, namesOf: LagSource['namesOf']): Pick<LagAnswer, 'rows' | 'total' | 'rest' | 'hours'> {
    const sorted = [...this.#rows.values()].toSorted(
      (a, b) => b.lags.histogram.count - a.lags.histogram.count || (a.key < b.key ? -1 : 1),
    )
    const rest = new Lags()
    rest.merge(this.#others)
    for (const { lags } of sorted.slice(maxShown)) rest.merge(lags)
    const shown = sorted.slice(0, maxShown)
    const sources = this.#dimension === 'source' ? namesOf(shown.map(({ key }) => key)) : {}
    const stages = new Map(
      chosenStages(engine, {}).map(({ process, definition }) => [`${process} ${definition.code}`, definition.name]),
    )
    return {
      rows: shown.map(({ key, process, lags }) => ({
        key,
        name:
          stages.get(`${process} ${key}`) ??
          (Object.hasOwn(sources, key) ? sources[key] : undefined) ??
          untranslated(key),
        ...(this.#dimension === 'stage' && process !== '' && { process }),
        ...lags.summary,
      })),
      total: this.#total.summary,
      ...(rest.histogram.count > 0 && { rest: { ...rest.summary, rows: Math.max(1, sorted.length - maxShown) } }),
      hours: this.#hours.map((day) =>
        day.map(({ summary: { events, p50Ms } }) => ({ events, ...(p50Ms !== undefined && { p50Ms }) })),
      ),
    }
  }

  #rowOf({ name, ...of }: EventGroup, { departmentTexts }: LiveEngine): Lags {
    const named = name ?? ''
    const key = this.#dimension === 'department' ? departmentTexts.keyOf(named) : named
    const process = this.#dimension === 'stage' && key !== '' ? (of.process ?? '') : ''
    const place = `${process} ${key}`
    const known = this.#rows.get(place)
    if (known !== undefined) return known.lags
    if (this.#rows.size >= maxNames) return this.#others
    const lags = new Lags()
    this.#rows.set(place, { key, process, lags })
    return lags
  }
}
