import { hash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const cache = join(root, 'node_modules/.cache/stagewatch-server')
const dayMs = 86_400_000

/** The programs, and the threads that they start. */
const entries = {
  main: 'server/src/main.ts',
  stagewatch: 'server/src/cli/stagewatch.ts',
  'import-thread': 'server/src/ingest/imports/import-thread.ts',
  'order-thread': 'server/src/projection/order-thread.ts',
  'scan-thread': 'server/src/engine/scans/scan-thread.ts',
} as const

/** Packages that read files next to their own. */
const unbundled =
  /[\\/]node_modules[\\/](?:@electric-sql[\\/]pglite|@fastify[\\/]swagger|@scalar[\\/][^\\/]+|pino|thread-stream)[\\/]/

let folder: Promise<string> | undefined

/**
 * The file to start in place of a program of the server: a bundle with the same behaviour. Node takes two seconds of
 * CPU time to find and load the two thousand modules, and a test run starts them dozens of times.
 * @returns the program itself if it does not belong to the server, or outside a test run.
 */
export async function builtProgram(program: string): Promise<string> {
  const [name] = Object.entries(entries).find(([, file]) => file === program) ?? []
  if (name === undefined || process.env['VITEST'] === undefined) return program
  folder ??= buildServer()
  return join(await folder, `${name}.mjs`)
}

/** Built once per state of the sources. */
async function buildServer(): Promise<string> {
  const built = join(cache, await sourcesHash())
  if (existsSync(built)) return built
  // Under a temporary name first, because test files start in parallel.
  const draft = `${built}.${randomBytes(4).toString('hex')}`
  const { build } = await import('vite')
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [
      {
        name: 'places',
        enforce: 'pre',
        // Workspace packages are bundled; all others are resolved at their current place.
        async resolveId(source, importer, options) {
          if (isBuiltin(source) || importer === undefined) return undefined
          const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
          if (resolved === null || !unbundled.test(resolved.id)) return resolved
          const isRequired = options.kind === 'require-call'
          return { id: isRequired ? resolved.id : pathToFileURL(resolved.id).href, external: 'absolute' }
        },
        // Keeps paths of files and packages, and of threads relative to what starts them.
        async transform(code, id) {
          if (!id.startsWith(root) || !code.includes('import.meta.')) return undefined
          const [, named] = /import\.meta\.resolve\('([^']+)'\)/.exec(code) ?? []
          const found = named === undefined ? null : await this.resolve(named, id)
          return code
            .replaceAll(/new URL\('([\w-]+-thread)\.ts', import\.meta\.url\)/g, "new URL('$1.mjs', import.meta['url'])")
            .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
            .replaceAll("import.meta['url']", 'import.meta.url')
            .replaceAll(
              `import.meta.resolve('${named}')`,
              JSON.stringify(found === null ? '' : pathToFileURL(found.id).href),
            )
        },
      },
    ],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: draft,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  })
  await rename(draft, built).catch(() => rm(draft, { recursive: true }))
  await removeOld()
  return built
}

/** Removes builds of earlier states of the sources; those of today may still be in use. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    const madeAt = await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now)
    if (Date.now() - madeAt > dayMs) await rm(path, { recursive: true, force: true })
  }
}

async function sourcesHash(): Promise<string> {
  const files = ['pnpm-lock.yaml', 'test/src/harness/built-server.ts']
  for await (const file of glob('{db,server,shared}/src/**/*.{ts,json}', { cwd: root })) files.push(file)
  const texts = await Promise.all(
    files.toSorted().map(async (file) => [file, await readFile(join(root, file), 'utf8')]),
  )
  return hash('sha256', JSON.stringify([process.version, texts]), 'hex').slice(0, 16)
}
