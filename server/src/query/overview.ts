import { maxOverviewDays } from '@stagewatch/shared/contract/overview.ts'
import type { OverviewAnswer, OverviewDay } from '@stagewatch/shared/contract/overview.ts'
import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { pastTargetMs, soonWithinMs } from '@stagewatch/shared/domain/visit-status.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'
import { addStatus, noCounts } from '../engine/stage-aggregates.ts'
import type { StageAggregates, StageCounts } from '../engine/stage-aggregates.ts'
import type { VisitCondition } from '../engine/status-edge.ts'
import { timeColumns } from '../engine/time-columns.ts'
import type { TimeSpan } from '../engine/time-columns.ts'
import { overdueCeiling } from '../boards/build-board.ts'
import { historyOfStages, historyOfVisits, rowsEverIn } from './condition-history.ts'
import { olderThan } from './older-visits.ts'
import { allOrderDays, chosenOrderDays } from './order-days.ts'
import type { OrderDays } from './order-days.ts'
import { countDays, countShift, describeSigned } from './period-counts.ts'
import { shiftBeganAt, sinceShift } from './shift-period.ts'
import { representativeVisits } from './representative-visit.ts'
import { chosenStages, isChosen, isNarrowed, visitFilter } from './visit-choice.ts'

/** An overview may cover a period that moves with time. */
type Question = Choice & { readonly since?: 'shift' | undefined }

const defaultDays = 14
const maxDepartments = 50
const breachesPerStep = 256

/**
 * The overview of the selected orders at `now`. Numbers of whole processes come from the same counts as those of a
 * board.
 * @throws AppError `invalid_field` if the period is invalid or too long.
 */
export function overview(
  engine: LiveEngine,
  query: Question,
  now: number,
): Promise<Omit<OverviewAnswer, 'asOf' | 'position'>> {
  return inSlices(buildOverview(engine, query, now))
}

function* buildOverview(
  engine: LiveEngine,
  asked: Question,
  now: number,
): Generator<void, Omit<OverviewAnswer, 'asOf' | 'position'>> {
  const query = sinceShift(engine, asked, now)
  const processes = [...engine.processes()].filter(({ definition }) => query.process?.includes(definition.code) ?? true)
  const spans = periodOf(engine, query, now)
  const [first = now, last = now] = [spans[0]?.from, spans.at(-1)?.to]
  const days = isNarrowed(query) ? yield* chosenOrderDays(engine, query, new Set(processes)) : allOrderDays(processes)
  const { counts, overdueVisits, everInCondition } = isNarrowed(query)
    ? yield* chosenNow(engine, query, processes, now)
    : stagesNow(engine, chosenStages(engine, query))
  const previousDay = engine.days.sameTimeOffset(now, -1)
  const previousWeek = engine.days.sameTimeOffset(now, -7)
  const ends = spans.map(({ to }) => Math.min(to, now))
  const instants = [...new Set([previousWeek, previousDay, ...ends])].toSorted((a, b) => a - b)
  const history = isNarrowed(query)
    ? yield* historyOfVisits(engine, query, everInCondition, instants)
    : historyOfStages(chosenStages(engine, query), instants)
  const countAt = (condition: VisitCondition, at: number): number =>
    at === now ? counts[condition] : (history[condition][instants.indexOf(at)] ?? 0)
  // Midnight counts as the end of the day before.
  const isRecorded = (at: number): boolean =>
    at >= engine.ended.startsAt &&
    processes.some(({ arrivals }) => arrivals.hasBefore(engine.days.startOfOffset(at - 1, 1)))
  const knownAt = (condition: VisitCondition, at: number): number | undefined =>
    at === now || isRecorded(at) ? countAt(condition, at) : undefined
  const earlier = (condition: VisitCondition): EarlierCounts => {
    const [day, week] = [knownAt(condition, previousDay), knownAt(condition, previousWeek)]
    return { ...(day !== undefined && { previousDay: day }), ...(week !== undefined && { previousWeek: week }) }
  }
  const [process] = processes
  const goals = processes.length === 1 ? process?.definition.goals : undefined
  const shiftAt = shiftBeganAt(engine, query, now)
  const period =
    asked.since === undefined || shiftAt === undefined
      ? { from: first, ...countDays(engine, days, spans) }
      : { from: shiftAt, ...(yield* countShift(engine, query, new Set(processes), now)) }
  return {
    from: period.from,
    to: Math.min(last, now),
    ...(shiftAt !== undefined && { shiftBeganAt: shiftAt }),
    overdue: {
      count: counts.overdue,
      unclaimed: counts.unclaimed,
      judged: counts.limited,
      ...earlier('overdue'),
      ...(!isNarrowed(query) && {
        ceiling: processes.reduce((sum, { definition, stages }) => sum + overdueCeiling(definition, stages), 0),
      }),
    },
    stalled: { count: counts.stalled, judged: counts.stallable, ...earlier('stalled') },
    atRisk: { count: counts.atRisk, soon: counts.soon, soonWithinMs, ...earlier('atRisk') },
    open: {
      count: days.openCount,
      held: counts.held,
      arrived: period.arrived,
      departed: period.departed,
    },
    signed: {
      ...period.signed,
      previous: period.previous,
      ...(goals?.onTimeRatio !== undefined && { onTimeGoal: goals.onTimeRatio }),
      ...(goals?.leadTimeMs !== undefined && { leadTimeGoalMs: goals.leadTimeMs }),
    },
    days: describeDays(engine, days, spans, { countAt, knownAt }, now),
    lateness: yield* latenessOf(engine, query, overdueVisits, { from: period.from, to: last }, now),
    ...olderThan(engine, period.from),
  }
}

/** The days of the period; the last one has started before now. */
function periodOf(engine: LiveEngine, query: Choice, now: number): readonly TimeSpan[] {
  const to = Math.min(query.to ?? now + 1, now + 1)
  const from = query.from ?? engine.days.startOfOffset(to - 1, 1 - defaultDays)
  if (from >= to) {
    throw new AppError('invalid_field', 'must be before "to" and not in the future', {
      field: 'from',
      reason: 'out_of_order',
    })
  }
  // A day on which summer time starts or ends is shorter or longer by an hour.
  const dayMs = 23 * 3_600_000
  if ((to - from) / dayMs > maxOverviewDays) {
    throw new AppError('invalid_field', `the period must not be longer than ${maxOverviewDays} days`, {
      field: 'from',
      reason: 'too_wide',
    })
  }
  return timeColumns('day', from, to, engine.days).spans
}

/** Current status of the selected orders. */
interface CurrentStatus {
  readonly counts: StageCounts
  readonly overdueVisits: readonly OpenVisit[]
  /** Visits that are, or were, in any condition; empty if whole stages are selected, whose aggregates contain this. */
  readonly everInCondition: readonly OpenVisit[]
}

function stagesNow(engine: LiveEngine, stages: readonly StageAggregates[]): CurrentStatus {
  const counts = noCounts()
  for (const stage of stages) {
    for (const [name, count] of Object.entries(stage.counts) as [keyof StageCounts, number][]) counts[name] += count
  }
  return { counts, overdueVisits: stages.flatMap((stage) => engine.open.overdueIn(stage)), everInCondition: [] }
}

const openVisitsPerStep = 256

function* chosenNow(
  engine: LiveEngine,
  query: Choice,
  processes: readonly ProcessAggregates[],
  now: number,
): Generator<void, CurrentStatus> {
  const codes = new Set(processes.map(({ definition }) => definition.code))
  const counts = noCounts()
  const overdueVisits: OpenVisit[] = []
  const everInCondition: OpenVisit[] = []
  let walked = 0
  for (const current of representativeVisits(engine, query.department, now)) {
    walked += 1
    if (walked % openVisitsPerStep === 0) yield
    const { status, spans, sla, visit, state } = current
    if (!codes.has(current.aggregates.process) || !isChosen(query, state, visit)) continue
    addStatus(counts, status, sla, visit.owner !== undefined, 1)
    if (status.overdue) overdueVisits.push(current)
    if (status.overdue || spans.atRisk !== undefined || spans.stalled.length > 0) everInCondition.push(current)
  }
  return { counts, overdueVisits, everInCondition }
}

type EarlierCounts = Pick<OverviewAnswer['overdue'], 'previousDay' | 'previousWeek'>

interface PastCounts {
  readonly countAt: (condition: VisitCondition, at: number) => number
  /** Undefined if neither the record nor memory reaches back that far. */
  readonly knownAt: (condition: VisitCondition, at: number) => number | undefined
}

/** Derives the number of open orders at the end of each day from the current number. */
function describeDays(
  engine: LiveEngine,
  orders: OrderDays,
  spans: readonly TimeSpan[],
  { countAt, knownAt }: PastCounts,
  now: number,
): OverviewDay[] {
  const today = engine.days.startOf(now)
  // A source's clock may be ahead: events dated tomorrow count as having happened by now.
  const tomorrow = engine.days.startOfOffset(now, 1)
  const netOf = (day: number): number => orders.departed(day) - orders.arrived(day)
  const netSince = (day: number): number => netOf(day) + (day === today ? netOf(tomorrow) : 0)
  let open = orders.openCount
  for (let day = today; day > (spans.at(-1)?.from ?? today); day = engine.days.startOfOffset(day, -1)) {
    open += netSince(day)
  }
  const newestFirst = spans.toReversed().map(({ from, to }): OverviewDay => {
    const { promised, onTime, leadTimeP50Ms } = describeSigned(orders.signed(from))
    const end = Math.min(to, now)
    const [atRisk, stalled] = [knownAt('atRisk', end), knownAt('stalled', end)]
    const day = {
      at: from,
      overdue: countAt('overdue', end),
      ...(atRisk !== undefined && { atRisk }),
      ...(stalled !== undefined && { stalled }),
      open,
      arrived: orders.arrived(from),
      departed: orders.departed(from),
      promised,
      onTime,
      ...(leadTimeP50Ms !== undefined && { leadTimeP50Ms }),
    }
    open += netSince(from)
    return day
  })
  return newestFirst.toReversed()
}

/** How much time was spent beyond the limits, and by which departments and owners. */
function* latenessOf(
  engine: LiveEngine,
  query: Choice,
  overdueVisits: readonly OpenVisit[],
  { from, to }: { readonly from: number; readonly to: number },
  now: number,
): Generator<void, OverviewAnswer['lateness']> {
  const byDepartment = new Map<string, { overdueMs: number; visits: number }>()
  const add = (named: string, overdueMs: number): void => {
    const department = engine.departmentTexts.keyOf(named)
    const sum = byDepartment.get(department) ?? { overdueMs: 0, visits: 0 }
    sum.overdueMs += overdueMs
    sum.visits += 1
    byDepartment.set(department, sum)
  }
  const ofPeriod = { ...visitFilter(engine, query), fromMs: from, toMs: to }
  let read = 0
  for (const row of rowsEverIn(engine.ended.finished, 'overdue', ofPeriod)) {
    add(engine.ended.departments.textOf(row.department), row.breach?.overdueMs ?? 0)
    read += 1
    if (read % breachesPerStep === 0) yield
  }
  for (const { visit, state, sla } of to > now ? overdueVisits : []) {
    add(visit.department ?? state.attributes.department ?? '', Math.max(0, pastTargetMs(visit, state, sla, now) ?? 0))
  }
  const departments = [...byDepartment]
    .map(([department, sum]) => ({ department, ...sum }))
    .toSorted((a, b) => b.overdueMs - a.overdueMs || (a.department < b.department ? -1 : 1))
  return {
    overdueMs: departments.reduce((sum, { overdueMs }) => sum + overdueMs, 0),
    visits: departments.reduce((sum, { visits }) => sum + visits, 0),
    departments: departments.slice(0, maxDepartments),
  }
}
