import { oldestChromium } from '@stagewatch/shared/contract/oldest-chromium.ts'

/** How engines name themselves; browsers of Chromium also name Safari, and those of televisions add their own names. */
const engines: readonly (readonly [name: string, version: RegExp])[] = [
  ['Chromium', /\bChrom(?:e|ium)\/(\d{1,4})\./],
  ['Firefox', /\bFirefox\/(\d{1,4})\./],
  ['Safari', /\bVersion\/(\d{1,4})\.[\d.]* (?:Mobile\/\w+ )?Safari\//],
]

/** The engine of a browser and its major version, such as `Chromium 94`. Undefined: the header does not say. */
export function browserEngine(userAgent: string | undefined): string | undefined {
  for (const [name, pattern] of engines) {
    const [, version] = pattern.exec(userAgent ?? '') ?? []
    if (version !== undefined) return `${name} ${version}`
  }
  return undefined
}

/** Whether the wall runs on an engine, as far as this is known; an older one shows the page of six numbers. */
export function showsWall(engine: string): boolean {
  const [, version] = /^Chromium (\d+)$/.exec(engine) ?? []
  return version === undefined || Number(version) >= oldestChromium
}
