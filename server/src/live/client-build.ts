import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

const wallScript = /<script type="module"[^>]* src="([^"]+)"/

/**
 * Identifies the build of the wall that this server serves by the name of its start script, which changes with its
 * content; a wall knows the name of its own script.
 * @param page the built `wall.html`; without it nothing has been built, as in development.
 */
export function clientBuild(page: string): string {
  try {
    return basename(wallScript.exec(readFileSync(page, 'utf8'))?.[1] ?? 'unknown')
  } catch {
    return 'development'
  }
}
