import { loadStartInfo } from './load-start-info.ts'
import { retryDelayMs } from './retry-delay.ts'

/** The site of a wall whose address names none; asks until the server answers. */
export async function defaultSite(): Promise<string> {
  for (;;) {
    try {
      return (await loadStartInfo()).defaultSite
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(undefined, Math.random())))
    }
  }
}
