/** What one glyph says of an open order, in the order of precedence: the first that holds is drawn. */
export const stageStates = ['unknown', 'onHold', 'stalled', 'overdue', 'atRisk', 'onTrack'] as const
export type StageState = (typeof stageStates)[number]

/** The facts behind the glyph. They overlap: a stalled order may be overdue, and counts as both. */
export interface StateFacts {
  readonly unknown: boolean
  readonly onHold: boolean
  readonly stalled: boolean
  readonly overdue: boolean
  readonly atRisk: boolean
}

export function stageState(facts: StateFacts): StageState {
  for (const state of stageStates) if (state !== 'onTrack' && facts[state]) return state
  return 'onTrack'
}
