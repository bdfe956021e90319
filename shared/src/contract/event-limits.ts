/** Maximum number of events and bytes per request. */
export const eventLimits = {
  eventsPerRequest: 10_000,
  bytesPerRequest: 8 * 1024 * 1024,
  /** Maximum lengths of texts in UTF-16 code units. */
  source: 100,
  id: 200,
  order: 200,
  stage: 200,
  actor: 200,
  factText: 200,
  /** `data` as JSON in UTF-8. */
  dataBytes: 16 * 1024,
  /** Maximum nesting of objects and arrays; `data` itself is level 1. */
  dataDepth: 8,
  factNumber: 1e15,
} as const

/** How far ahead of the server's clock an event's time may be. */
export const futureToleranceMs = 24 * 3_600_000

/** Maximum duration of a hold that ends by itself. */
const maxHoldMs = 366 * 24 * 3_600_000

/**
 * Whether a hold that begins at `heldAt` may end at `until`, both epoch ms. Undefined: the hold lasts until it is
 * resumed.
 */
export function isHoldEnd(until: unknown, heldAt: number): boolean {
  return until === undefined || (typeof until === 'number' && until > heldAt && until - heldAt <= maxHoldMs)
}

/** Describes the requirement of `isHoldEnd`. */
export const holdEndWords = 'must be later than the beginning of the hold, by 366 days at most'
