const toleratedMs = 30_000

/**
 * How far the device's clock is ahead of the server's, ms; negative if it is behind. Undefined if the difference is
 * small.
 */
export function clockOffMs(deviceNow: number, serverNow: number | undefined): number | undefined {
  if (serverNow === undefined) return undefined
  const off = deviceNow - serverNow
  return Math.abs(off) > toleratedMs ? off : undefined
}

export function deviceClockOffMs(serverNow: number | undefined): number | undefined {
  return clockOffMs(Date.now(), serverNow)
}
