/** Half of the second that the `Date` header rounds away. */
const roundedMs = 500

/** Server clock minus device clock, ms; zero before the first response. */
let offsetMs = 0

/**
 * Takes the server's clock from a response, because ages computed with a wrong device clock would be equally wrong.
 * @param receivedAt epoch ms by the device's clock.
 */
export function noteServerTime({ headers }: Pick<Response, 'headers'>, receivedAt: number): void {
  const told = Date.parse(headers.get('date') ?? '')
  // The date of a response with an `Age` header is the time at which a cache stored it.
  if (Number.isFinite(told) && !headers.has('age')) offsetMs = told + roundedMs - receivedAt
}

/** The server's time at an instant of the device's clock; both epoch ms. */
export function serverTime(deviceAt: number): number {
  return deviceAt + offsetMs
}
