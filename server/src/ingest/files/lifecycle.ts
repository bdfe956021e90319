import type { EventType } from '@stagewatch/shared/domain/order-event.ts'

/** Meaning of a lifecycle transition. */
export interface Transition {
  readonly type: EventType
  /** The activity was abandoned without being completed. */
  readonly isAbandoned?: true
}

const entered: Transition = { type: 'stage.entered' }
const abandoned: Transition = { type: 'stage.completed', isAbandoned: true }

/**
 * The transitions of the standard lifecycle (IEEE 1849, http://www.xes-standard.org/lifecycle.xesext) and the names
 * used by exports. An activity waiting for a resource counts as entered; a suspended activity puts its order on hold.
 */
const transitions: Readonly<Record<string, Transition>> = {
  schedule: entered,
  scheduled: entered,
  assign: entered,
  reassign: entered,
  start: { type: 'stage.started' },
  started: { type: 'stage.started' },
  begin: { type: 'stage.started' },
  complete: { type: 'stage.completed' },
  completed: { type: 'stage.completed' },
  end: { type: 'stage.completed' },
  suspend: { type: 'order.held' },
  suspended: { type: 'order.held' },
  resume: { type: 'order.resumed' },
  resumed: { type: 'order.resumed' },
  withdraw: abandoned,
  autoskip: abandoned,
  manualskip: abandoned,
  ateabort: abandoned,
  abortactivity: abandoned,
  piabort: { type: 'order.cancelled' },
  abortcase: { type: 'order.cancelled' },
}

/** Returns undefined for a transition outside the standard, which does not affect the order's stages. */
export function transitionOf(text: string): Transition | undefined {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '')
  return Object.hasOwn(transitions, name) ? transitions[name] : undefined
}
