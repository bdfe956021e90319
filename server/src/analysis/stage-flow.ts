import { maxFlowSpans } from '@stagewatch/shared/contract/analysis.ts'
import type { FlowAnswer, FlowQuery } from '@stagewatch/shared/contract/analysis.ts'
import { FlowTable } from '../engine/flow-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { timeColumns } from '../engine/time-columns.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import { representativeVisits } from '../query/representative-visit.ts'
import { isChosen } from '../query/visit-choice.ts'
import { analysisFilter, analysisPeriod, analysisStages } from './analysis-period.ts'
import type { AnalysisChoice } from './analysis-period.ts'

/**
 * Arrivals and departures of each stage, per hour or per day.
 * @throws AppError `invalid_field` if the period is invalid, too long, or reaches back further than memory.
 */
export async function stageFlow(
  engine: LiveEngine,
  query: FlowQuery,
  now: number,
  scans: VisitScans,
): Promise<Omit<FlowAnswer, 'asOf' | 'position'>> {
  const columns = flowColumns(engine, query, now)
  const table = new FlowTable({ kind: 'flow', spans: columns.starts, to: columns.to })
  const filter = analysisFilter(engine, query, { from: columns.from, to: undefined, endsAt: now })
  for (const store of engine.ended.stores()) await scans.scan(table, store, filter, 'elapsed')
  await inSlices(addOpen(table, engine, query, now))
  const flows = table.stages
  return {
    columns: columns.spans.map(({ from }) => from),
    stages: analysisStages(engine, query).flatMap(({ definition, process, index }) => {
      const flow = flows.get(index)
      if (flow === undefined) return []
      let open = flow.before
      const openAtEnd = flow.arrived.map((arrived, i) => (open += arrived - (flow.departed[i] ?? 0)))
      return [
        {
          stage: definition.code,
          name: definition.name,
          process,
          openBefore: flow.before,
          arrived: [...flow.arrived],
          departed: [...flow.departed],
          open: openAtEnd,
        },
      ]
    }),
  }
}

function flowColumns(engine: LiveEngine, query: FlowQuery, now: number): TimeColumns {
  const { from, to, endsAt } = analysisPeriod(engine, query, now)
  const hourMs = 3_600_000
  const perSpanMs = query.columns === 'hour' ? hourMs : 23 * hourMs
  if ((endsAt - from) / perSpanMs > maxFlowSpans) {
    throw new AppError('invalid_field', `the period must not be longer than ${maxFlowSpans} ${query.columns}s`, {
      field: 'columns',
      reason: 'too_wide',
    })
  }
  const { startsAt } = engine.ended
  const columns = timeColumns(query.columns, from, Math.min(to ?? now + 1, now + 1), engine.days)
  if (columns.from >= startsAt) return columns
  const message = `arrivals and departures are known from ${new Date(startsAt).toISOString()} on; choose a later start`
  throw new AppError('invalid_field', message, { field: 'from', reason: 'too_wide' })
}

function* addOpen(table: FlowTable, engine: LiveEngine, choice: AnalysisChoice, now: number): Generator<void> {
  const stages = new Set(analysisStages(engine, choice))
  for (const { state, visit, aggregates } of representativeVisits(engine, choice.department, now)) {
    yield
    if (stages.has(aggregates) && isChosen(choice, state, visit)) table.addOpen(aggregates.index, visit.enteredAt)
  }
}
