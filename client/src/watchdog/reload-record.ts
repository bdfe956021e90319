const withinMs = 600_000
const mostReloads = 3

/** The reloads of the last ten minutes, epoch ms by the device's clock. */
export function recentReloads(text: string | null, now: number): number[] {
  const recent = (text ?? '')
    .split(' ')
    .map(Number)
    .filter((at) => at > 0 && at <= now && now - at < withinMs)
  return recent
}

/** Another reload does not fix a page that was already reloaded this often. */
export function isHopeless(reloads: readonly number[]): boolean {
  return reloads.length >= mostReloads
}
