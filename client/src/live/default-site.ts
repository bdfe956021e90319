import { loadStartInfo } from './load-start-info.ts'

/** The site of a wall whose address names none; asks until the server answers. */
export async function defaultSite(): Promise<string> {
  for (;;) {
    try {
      return (await loadStartInfo()).defaultSite
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1_000 + Math.random() * 4_000))
    }
  }
}
