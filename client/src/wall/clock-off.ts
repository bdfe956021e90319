const toleratedMs = 30_000

/** How far the clock of the device is ahead of the server's, ms; negative: behind. Undefined: close enough. */
export function clockOffMs(deviceNow: number, serverNow: number | undefined): number | undefined {
  if (serverNow === undefined) return undefined
  const off = deviceNow - serverNow
  return Math.abs(off) > toleratedMs ? off : undefined
}

export function deviceClockOffMs(serverNow: number | undefined): number | undefined {
  return clockOffMs(Date.now(), serverNow)
}
