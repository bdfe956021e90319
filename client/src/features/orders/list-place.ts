import type { VirtualItem } from '@tanstack/react-virtual'

/** Where somebody was in a list when they opened an order of it. */
interface ListPlace {
  readonly scrollY: number
  /** How high the rows were that had been in sight: without them the others would stand elsewhere. */
  readonly measured: readonly VirtualItem[]
  /** The one that was looked at last. */
  readonly order: string
  /** It is another one than was opened, so that it need not be in sight. */
  readonly hasMoved?: true
}

const places = new Map<string, ListPlace>()

/** @param list the site and the question of the list. */
export function keepPlace(list: string, place: ListPlace): void {
  places.set(list, place)
}

/** The order that was looked at last, after the list was left; its place in the list is found when it is drawn. */
export function keepSelection(list: string, order: string): void {
  const place = places.get(list)
  if (place !== undefined && place.order !== order) places.set(list, { ...place, order, hasMoved: true })
}

export function placeIn(list: string): ListPlace | undefined {
  return places.get(list)
}

export function forgetPlace(list: string): void {
  places.delete(list)
}
