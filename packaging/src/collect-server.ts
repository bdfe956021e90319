import { glob, readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { compileModule } from './compile-module.ts'

/** Programs that the launcher starts. Everything else is found from here. */
const entries = ['server/src/platform/preload.ts', 'server/src/main.ts', 'server/src/cli/stagewatch.ts']

/** Read while the server runs, by names that no import shows. */
const readAtRunTime = [
  'server/src/locales/*.json',
  'server/src/sample/translations/*.json',
  'db/migrations/*.sql',
  // drizzle-kit compares new schemas with the snapshots beside it; the server does not read them.
  'db/migrations/meta/_journal.json',
]

export interface CollectedServer {
  /** Content by the path in the package, which is that in the repository, with `.js` in place of `.ts`. */
  readonly files: ReadonlyMap<string, string>
  /** Names of the packages that these files import. */
  readonly packages: ReadonlySet<string>
}

/**
 * The part of server, db and shared that a running server needs, without tests.
 * @param root of the repository
 */
export async function collectServer(root: string): Promise<CollectedServer> {
  const files = new Map<string, string>()
  const packages = new Set<string>()
  const queue = [...entries]
  const seen = new Set(queue)
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    // The version of the server; the package has a package.json of its own.
    if (file === 'package.json') continue
    const source = await readFile(join(root, file), 'utf8')
    if (!file.endsWith('.ts')) {
      files.set(file, source)
      continue
    }
    const compiled = compileModule(file, source)
    files.set(file.replace(/\.ts$/, '.js'), compiled.code)
    for (const name of compiled.packages) if (!isBuiltin(name)) packages.add(name)
    for (const next of compiled.files) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  for (const pattern of readAtRunTime) {
    const found: string[] = []
    for await (const file of glob(pattern, { cwd: root })) found.push(file.replaceAll('\\', '/'))
    if (found.length === 0) throw new Error(`no file matches ${pattern}`)
    for (const file of found) files.set(file, await readFile(join(root, file), 'utf8'))
  }
  return { files, packages }
}
