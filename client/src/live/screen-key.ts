import { withoutKey, type WallAddress } from './wall-address.ts'

/** The key of this screen for the site: the one in the address, which is kept, or the one kept before. */
export function screenKey(address: WallAddress): string | undefined {
  const place = `stagewatch.key ${address.site ?? ''}`
  if (address.key === undefined) return localStorage.getItem(place) ?? undefined
  localStorage.setItem(place, address.key)
  history.replaceState(null, '', withoutKey(new URL(location.href)))
  return address.key
}
