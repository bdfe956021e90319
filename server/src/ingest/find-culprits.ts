import { AppError } from '../platform/app-error.ts'

/**
 * Which of the items make the work fail, by halves: one among n is found by about 2 log n tries, each half as large as
 * the one before.
 * @param fails tries the work with some of the items and leaves nothing of it behind.
 * @param until when the search is given up, by `performance.now`.
 * @throws AppError `overloaded` when it takes longer; whatever `fails` throws.
 */
export async function findCulprits<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  until: number,
): Promise<Item[]> {
  if (performance.now() > until) {
    throw new AppError('overloaded', 'it takes too long to find the event that cannot be stored', { retryAfterS: 5 })
  }
  if (items.length === 0 || !(await fails(items))) return []
  return items.length === 1 ? [...items] : findWithin(items, fails, until)
}

/** The same for items that are known to fail together. */
async function findWithin<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  until: number,
): Promise<Item[]> {
  const middle = items.length >>> 1
  const [first, second] = [items.slice(0, middle), items.slice(middle)]
  return [...(await findCulprits(first, fails, until)), ...(await findCulprits(second, fails, until))]
}
