/** Half of the second that the `Date` header rounds away. */
const roundedMs = 500

/** Server clock minus device clock, ms; zero before the first response. */
let offsetMs = 0

/** When the server last responded, epoch ms by the device's clock; at first, when it delivered this page. */
let answeredAt = Date.now()

/**
 * Takes the server's clock from a response, because ages computed with a wrong device clock would be equally wrong.
 * @param receivedAt epoch ms by the device's clock.
 */
export function noteServerTime({ ok, headers }: Pick<Response, 'ok' | 'headers'>, receivedAt: number): void {
  // Errors may come from a proxy in front of the server.
  if (ok) answeredAt = receivedAt
  const told = Date.parse(headers.get('date') ?? '')
  // The date of a response with an `Age` header is the time at which a cache stored it.
  if (Number.isFinite(told) && !headers.has('age')) offsetMs = told + roundedMs - receivedAt
}

/** The server's time at an instant of the device's clock; both epoch ms. */
export function serverTime(deviceAt: number): number {
  return deviceAt + offsetMs
}

/** When the server last responded, epoch ms by its own clock. */
export function lastAnswerAt(): number {
  return serverTime(answeredAt)
}
