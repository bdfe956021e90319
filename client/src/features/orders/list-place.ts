import type { VirtualItem } from '@tanstack/react-virtual'

/** The user's position in a list when they opened one of its orders. */
interface ListPlace {
  readonly scrollY: number
  /** Measured heights of the rows seen so far, without which the other rows would be displaced. */
  readonly measured: readonly VirtualItem[]
  /** The order opened last. */
  readonly order: string
  /** It is not the order opened from the list, so it may lie outside the window. */
  readonly hasMoved?: true
}

const places = new Map<string, ListPlace>()

/** @param list the site and the search of the list. */
export function keepPlace(list: string, place: ListPlace): void {
  places.set(list, place)
}

/** Stores the order viewed last after the list was left; its position is determined when the list is rendered. */
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
