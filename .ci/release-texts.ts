const semantic = /^(\d+)\.(\d+)\.(\d+)(?:-[\w.]+)?$/
const unreleased = '## [Unreleased]'

/**
 * Requires that the version follows the current one by Semantic Versioning: the same while it has not been tagged, or
 * the next patch, minor or major version.
 * @throws Error that says which versions are possible.
 */
export function requireNext(version: string, current: string, isTagged: boolean): void {
  const [, major = 0, minor = 0, patch = 0] = semantic.exec(current)?.map(Number) ?? []
  const next = [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`]
  const possible = isTagged ? next : [current, ...next]
  const [base = ''] = version.split('-', 1)
  if (!semantic.test(version) || !possible.includes(base)) {
    throw new Error(
      `${version} does not follow ${current}: use ${possible.join(', ')}, or a pre-release of one of them`,
    )
  }
}

/**
 * Moves the unreleased changes to a release.
 * @throws Error if there are none.
 */
export function releasedChangelog(changelog: string, version: string, date: string): string {
  const begin = changelog.indexOf(unreleased)
  const [section = ''] = begin < 0 ? [] : changelog.slice(begin + unreleased.length).split(/^## /m, 1)
  if (!section.includes('\n- ')) throw new Error('CHANGELOG.md has no changes under [Unreleased]')
  const rest = changelog.slice(begin + unreleased.length)
  return `${changelog.slice(0, begin)}${unreleased}\n\n## [${version}] - ${date}${rest}`
}

/**
 * The notes of a release.
 * @throws Error if the changelog does not have it.
 */
export function notesOf(changelog: string, version: string): string {
  const [, ...releases] = changelog.split(/^## /m)
  const release = releases.find((text) => text.startsWith(`[${version}]`))
  if (release === undefined) throw new Error(`CHANGELOG.md has no release ${version}`)
  return release.slice(release.indexOf('\n')).trim()
}

/** Replaces the version in names of files and images, and in the default of the Dockerfile. */
export function withVersion(text: string, current: string, version: string): string {
  return text
    .replaceAll(`stagewatch-${current}.tgz`, `stagewatch-${version}.tgz`)
    .replaceAll(`stagewatch:${current}`, `stagewatch:${version}`)
    .replaceAll(`ARG VERSION=${current}`, `ARG VERSION=${version}`)
}
