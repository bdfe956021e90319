/**
 * An entry of the changelog. Changesets loads this file by its name in .changeset/config.json. Unlike its default, an
 * entry does not name the commit: it is read by people who operate the product, also on the page Status.
 */
export async function getReleaseLine({ summary }: { readonly summary: string }): Promise<string> {
  const [first = '', ...rest] = summary.split('\n').map((line) => line.trimEnd())
  return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n')
}

/** The packages of the workspace have no versions of their own, so none is updated for another one. */
export async function getDependencyReleaseLine(): Promise<string> {
  return ''
}

/** Adds the date of a release to its heading, which Changesets writes without one. */
export function withDate(changelog: string, version: string, date: string): string {
  const heading = `## ${version}\n`
  if (!changelog.includes(heading)) throw new Error(`CHANGELOG.md has no heading "${heading.trim()}" without a date`)
  return changelog.replace(heading, `## ${version} - ${date}\n`)
}

/**
 * The notes of a release.
 * @throws Error if the changelog does not have it.
 */
export function notesOf(changelog: string, version: string): string {
  const [, ...releases] = changelog.split(/^## /m)
  const release = releases.find((text) => text.split(/\s/, 1)[0] === version)
  if (release === undefined) throw new Error(`CHANGELOG.md has no release ${version}`)
  return release.slice(release.indexOf('\n')).trim()
}

/** Replaces the version in names of files and images, and in the default of the Dockerfile. */
export function withVersion(text: string, current: string, version: string): string {
  return text
    .replaceAll(`stagewatch-${current}.tgz`, `stagewatch-${version}.tgz`)
    .replaceAll(`stagewatch_${current}_`, `stagewatch_${version}_`)
    .replaceAll(`stagewatch:${current}`, `stagewatch:${version}`)
    .replaceAll(`ARG VERSION=${current}`, `ARG VERSION=${version}`)
}
