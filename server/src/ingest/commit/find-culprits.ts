import { AppError } from '../../platform/app-error.ts'

/**
 * Finds the items that make the work fail, by bisection: one among n is found in about 2 log n attempts, each half as
 * large as the previous one.
 * @param fails tries the work with some of the items, without any lasting effect.
 * @param until deadline of the search, as a `performance.now` value.
 * @throws AppError `overloaded` after the deadline; whatever `fails` throws.
 */
export async function findCulprits<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  until: number,
): Promise<Item[]> {
  if (performance.now() > until) {
    throw new AppError('overloaded', 'finding the event that cannot be stored takes too long', { retryAfterS: 5 })
  }
  if (items.length === 0 || !(await fails(items))) return []
  return items.length === 1 ? [...items] : findWithin(items, fails, until)
}

/** Like `findCulprits`, for items that are known to fail together. */
async function findWithin<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  until: number,
): Promise<Item[]> {
  const middle = items.length >>> 1
  const [first, second] = [items.slice(0, middle), items.slice(middle)]
  return [...(await findCulprits(first, fails, until)), ...(await findCulprits(second, fails, until))]
}
