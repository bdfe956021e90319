/** Half of the second that the header leaves out. */
const roundedMs = 500

/** Server clock minus device clock, ms; zero before any answer. */
let offsetMs = 0

/**
 * Takes the server's clock from an answer. Ages that are told by the clock of a laptop are wrong by as much as it is.
 * @param receivedAt epoch ms by the device's clock.
 */
export function noteServerTime({ headers }: Pick<Response, 'headers'>, receivedAt: number): void {
  const told = Date.parse(headers.get('date') ?? '')
  // An answer that a cache has kept says when it was made.
  if (Number.isFinite(told) && !headers.has('age')) offsetMs = told + roundedMs - receivedAt
}

/** The server's time at an instant of the device's clock; both epoch ms. */
export function serverTime(deviceAt: number): number {
  return deviceAt + offsetMs
}
