import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Small files that take long: without cached durations, vitest starts with the largest file. */
const longest = [
  'sample/sample-pages.browser',
  'logs/imported-logs.db',
  'pipeline/data-directory.db',
  'desk/imports.browser',
  'desk/orders.browser',
  'desk/overview.browser',
  'imports/uploads.db',
  'fault/killed-import.db',
  'screens/pairing.browser',
  'fault/killed-server.db',
  'wall/scenes.browser',
  'identity/sign-in.db',
  'http/older-visits.db',
  'imports/killed-import.db',
  'desk/analysis.browser',
  'logs/log-arrival.db',
  'pipeline/sent-ahead.db',
  'wall/self-care.browser',
  'desk/shell.browser',
  'wall/server-away.browser',
  'rights/rights-matrix.db',
  'wall/soak.browser',
].map((name) => `/${name}.test.ts`)

/**
 * Starts with the longest files of a project, so that none of them runs alone at the end. The files of a project stay
 * together: a worker that switches to another project is restarted and loads the modules again, which takes seconds.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a method of vitest; it sorts a list of its own
    const sorted = await super.sort(files)
    const byProject = Map.groupBy(sorted, ({ project }) => project)
    return [...byProject.values()].flatMap((some) => some.toSorted((a, b) => rank(a) - rank(b)))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((end) => moduleId.endsWith(end))
  return place < 0 ? longest.length : place
}
