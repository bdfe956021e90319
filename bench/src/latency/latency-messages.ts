/** A request of events that was accepted. Instants are epoch ms by the clock that all processes of a machine share. */
export interface AcceptedBatch {
  readonly position: string
  readonly sentAt: number
  readonly acceptedAt: number
}

/** A delta as it arrived at a screen. */
export interface ArrivedDelta {
  readonly position: string
  readonly at: number
}

/** What the bench tells the process of the sender: so many events a second, for so long. */
export interface SendPaced {
  readonly run: number
  readonly eventsPerS: number
  readonly seconds: number
}

export type FromSender = { readonly is: 'ready' } | { readonly is: 'sent'; readonly batches: readonly AcceptedBatch[] }

/** `screens`: the deltas of each since it was asked last. */
export type FromScreens =
  | { readonly is: 'joined' }
  | { readonly is: 'arrived'; readonly screens: readonly (readonly ArrivedDelta[])[] }

/** Epoch ms with a fraction. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now()
}
