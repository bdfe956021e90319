/**
 * Lists created by the running fold that are not yet shared: those of open visits. They grow in place, because copying
 * them for each event would take quadratic time for a visit with a hundred thousand events.
 */
const own = new WeakSet<readonly unknown[]>()

/** The list with one more entry: the same list if the fold has created it, else a copy. */
export function appended<T>(list: readonly T[], entry: T): readonly T[] {
  const mine = ownList(list)
  mine.push(entry)
  return mine
}

/** The list with a different last entry, in the same way. @param list Not empty. */
export function withLastReplaced<T>(list: readonly T[], entry: T): readonly T[] {
  const mine = ownList(list)
  mine[mine.length - 1] = entry
  return mine
}

/** Called at the end of a fold: the list now belongs to its state, and later folds must copy it before changing it. */
export function markShared(list: readonly unknown[]): void {
  own.delete(list)
}

function ownList<T>(list: readonly T[]): T[] {
  if (isOwn(list)) return list
  const copy = [...list]
  own.add(copy)
  return copy
}

function isOwn<T>(list: readonly T[]): list is T[] {
  return own.has(list)
}
