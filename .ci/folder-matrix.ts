import { readFile, writeFile } from 'node:fs/promises'
import type { IModule } from 'dependency-cruiser'

/** Marks a folder that imports another one. */
export const imports = '●'

/**
 * A table of the imports between the folders of a package, in the order of their layers: imports point one way as long
 * as all marks are below the diagonal.
 * @param layers folders and files directly below `root`, lowest first.
 */
export function folderMatrix(modules: readonly IModule[], root: string, layers: readonly string[]): string {
  const edges = new Set<string>()
  for (const { source, dependencies } of modules) {
    if (!isProduct(source)) continue
    for (const { resolved } of dependencies) {
      edges.add(`${folderIn(root, source)} ${folderIn(root, resolved)}`)
    }
  }
  const rows = layers.map((from) => {
    const cells = layers.map((to) => (from === to ? '·' : edges.has(`${from} ${to}`) ? imports : ''))
    return [`**${from}**`, ...cells]
  })
  return table([['', ...layers], ...rows])
}

/** Replaces the content between the markers with this name. @returns whether the page was out of date. */
export async function updatePage(page: string, name: string, content: string, mayWrite: boolean): Promise<boolean> {
  const text = await readFile(page, 'utf8')
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} has no ${begin} … ${end}`)
  const updated = `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
  if (updated === text) return false
  if (mayWrite) await writeFile(page, updated)
  return true
}

function isProduct(source: string): boolean {
  return !/\.test\.tsx?$|\/testing\//.test(source)
}

function folderIn(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? (path.slice(root.length + 1).split('/', 1)[0] ?? '') : ''
}

/** Aligned like the formatter of the repository does. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}
