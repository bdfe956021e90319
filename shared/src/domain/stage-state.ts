/** The state that one glyph shows for an open order, in order of precedence: the first that applies is drawn. */
export const stageStates = ['unknown', 'onHold', 'stalled', 'overdue', 'atRisk', 'onTrack'] as const
export type StageState = (typeof stageStates)[number]

/** The flags behind the glyph. They overlap: a stalled order may be overdue, and counts as both. */
export interface StateAttributes {
  readonly unknown: boolean
  readonly onHold: boolean
  readonly stalled: boolean
  readonly overdue: boolean
  readonly atRisk: boolean
}

export function stageState(attributes: StateAttributes): StageState {
  for (const state of stageStates) if (state !== 'onTrack' && attributes[state]) return state
  return 'onTrack'
}
