import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { LiveEngine } from '../../engine/live-engine.ts'
import { ProcessAggregates } from '../../engine/process-aggregates.ts'
import type { BoardSource } from '../board-source.ts'
import { buildBoard } from '../build-board.ts'
import type { BoardNumbers } from '../build-board.ts'

const hourMs = 3_600_000

/** A shipping process with a target, a stall limit and a terminal stage. */
export const shipping: ProcessDefinition = {
  code: 'default',
  name: { zh: '发货', en: 'Shipping' },
  stages: [
    stage('picking', { targetMs: 3 * hourMs, stallAfterMs: 5 * hourMs }),
    stage('packing', { targetMs: 90 * 60_000 }),
    stage('labelling', { stallAfterMs: 2 * hourMs }),
    stage('shipped', { terminal: true }),
  ],
  acceptsNewStages: true,
  goals: { overdueCeiling: 3, onTimeRatio: 0.95 },
}

/** The same stages without a terminal one, plus one that shipping lacks. */
export const repair: ProcessDefinition = {
  ...shipping,
  code: 'repair',
  stages: [stage('diagnosis', { targetMs: hourMs }), stage('packing', { targetMs: 4 * hourMs })],
}

function stage(
  code: string,
  limits: Partial<ProcessDefinition['stages'][number]>,
): ProcessDefinition['stages'][number] {
  return { code, name: { zh: code, en: code }, warnAtRatio: 0.8, toleranceRatio: 0.1, ...limits }
}

/** The source of a process's board, with all event sources on time. */
export function boardSource(engine: LiveEngine, process: string): BoardSource {
  return {
    site: { code: 'main', name: { zh: '主站点', en: 'Main site' }, timeZone: 'Asia/Shanghai', sample: false },
    engine,
    process: engine.process(process) ?? new ProcessAggregates(shipping),
    sources: {},
    lateSourceOf: () => undefined,
    isMissing: () => false,
  }
}

/** The board of a process, with all event sources on time. */
export function boardOf(engine: LiveEngine, process: string, now: number): BoardNumbers {
  return buildBoard(boardSource(engine, process), now)
}
