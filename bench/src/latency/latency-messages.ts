/** An accepted request with events. Instants are epoch ms by the clock that all processes of a machine share. */
export interface AcceptedBatch {
  readonly position: string
  readonly sentAt: number
  readonly acceptedAt: number
}

/** A delta received by a screen. */
export interface ArrivedDelta {
  readonly position: string
  readonly at: number
}

/** Instruction of the bench to the sender process: events per second, and duration. */
export interface SendPaced {
  readonly run: number
  readonly eventsPerS: number
  readonly seconds: number
}

export type FromSender = { readonly is: 'ready' } | { readonly is: 'sent'; readonly batches: readonly AcceptedBatch[] }

/** `screens`: the deltas of each since the last request. */
export type FromScreens =
  | { readonly is: 'joined' }
  | { readonly is: 'arrived'; readonly screens: readonly (readonly ArrivedDelta[])[] }

/** Epoch ms with a fraction. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now()
}
