import type { Release } from '@stagewatch/shared/contract/versions.ts'
import { compareVersions } from '@stagewatch/shared/domain/compare-versions.ts'

const maxReleases = 20

/** Reads CHANGELOG.md, the newest release first. */
export function parseChangelog(text: string): Release[] {
  const releases: { version: string; date?: string; sections: { title: string; entries: string[] }[] }[] = []
  for (const line of text.split('\n')) {
    const [, version, date] = /^## (\d\S*)(?: - (\d{4}-\d\d-\d\d))?$/.exec(line) ?? []
    if (version !== undefined) releases.push({ version, ...(date !== undefined && { date }), sections: [] })
    const sections = releases.at(-1)?.sections
    const [, title] = /^### (.+)$/.exec(line) ?? []
    if (title !== undefined) sections?.push({ title, entries: [] })
    const entries = sections?.at(-1)?.entries
    const [, entry] = /^- (.+)$/.exec(line) ?? []
    if (entry !== undefined) entries?.push(entry)
    // An entry of several lines is indented.
    const [, more] = /^ {2,}(\S.*)$/.exec(line) ?? []
    if (more !== undefined) entries?.push(`${entries.pop() ?? ''} ${more}`.trim())
  }
  return releases.filter(({ sections }) => sections.length > 0)
}

/**
 * The releases up to a version that came after another one.
 * @param since the version before; by default, only the newest release is returned.
 */
export function releasesSince(releases: readonly Release[], current: string, since?: string): readonly Release[] {
  const known = releases.filter(({ version }) => compareVersions(version, current) <= 0)
  if (since === undefined) return known.slice(0, 1)
  return known.filter(({ version }) => compareVersions(version, since) > 0).slice(0, maxReleases)
}
