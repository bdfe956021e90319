import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const wallScript = /<script type="module"[^>]* src="([^"]+)"/

/**
 * Names the build of the wall that this server serves, by the script that its page starts: its name changes with its
 * content, and a wall knows the name of its own.
 * @param page the built `wall.html`; without it nothing has been built, as in development.
 */
export function clientBuild(page: string): string {
  try {
    return basename(wallScript.exec(readFileSync(page, 'utf8'))?.[1] ?? 'unknown')
  } catch {
    return 'development'
  }
}
