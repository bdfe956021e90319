const suffix = '.zh-CN.md'

export function isChinese(path: string): boolean {
  return path.endsWith(suffix)
}

/** The file of the Chinese version of an English page. */
export function chinesePath(path: string): string {
  return path.replace(/\.md$/, suffix)
}

/**
 * Path of a page on the site. Both languages are next to each other in `docs`, where links between them are short; on
 * the site, the Chinese pages are below `zh/`.
 */
export function sitePath(path: string): string {
  return isChinese(path) ? `zh/${path.slice(0, -suffix.length)}.md` : path
}
