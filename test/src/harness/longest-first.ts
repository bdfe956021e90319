import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Small files that take long: without a cache of durations vitest begins with the largest file. */
const longest = [
  'imports/killed-import.db',
  'wall/scenes.browser',
  'desk/imports.browser',
  'sample/sample-pages.browser',
  'desk/overview.browser',
  'logs/imported-logs.db',
  'imports/uploads.db',
  'pipeline/data-directory.db',
  'fault/killed-server.db',
  'fault/killed-import.db',
  'logs/log-arrival.db',
  'wall/soak.browser',
  'wall/server-away.browser',
  'wall/self-care.browser',
  'identity/first-start.db',
].map((name) => `/${name}.test.ts`)

/** Begins with the files that take longest, so that none of them is left alone at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- this is a method of vitest, and the list is its own
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((end) => moduleId.endsWith(end))
  return place < 0 ? longest.length : place
}
