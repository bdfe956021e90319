/**
 * Compares two versions by Semantic Versioning; a pre-release comes before its release.
 * @returns negative if `a` is older, positive if it is newer, 0 if they are the same or one cannot be read.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  if (left === undefined || right === undefined) return 0
  for (const [i, part] of left.numbers.entries()) {
    const difference = part - (right.numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  if (left.preRelease === right.preRelease) return 0
  if (left.preRelease === '') return 1
  if (right.preRelease === '') return -1
  return left.preRelease < right.preRelease ? -1 : 1
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly preRelease: string } | undefined {
  const [, major, minor, patch, preRelease = ''] =
    /^(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(version) ?? []
  if (major === undefined) return undefined
  return { numbers: [major, minor, patch].map(Number), preRelease }
}
