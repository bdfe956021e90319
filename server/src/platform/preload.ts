import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { resolveDrizzleOnce } from './drizzle-resolution.ts'

// Preloaded by the scripts of package.json (`node --import`).

/**
 * Loads `.env` from the working directory, if there is one. `--env-file-if-exists` prints a line to standard error when
 * the file is missing, before any output of a command, and tests must not see the settings of a developer.
 */
if (existsSync('.env')) process.loadEnvFile('.env')

/**
 * Node caches the two thousand compiled modules of the server, which makes the next start a third faster. Without write
 * permission it compiles them every time. Threads inherit the setting through the variable.
 */
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../../../node_modules/.cache/stagewatch', import.meta.url))
enableCompileCache(process.env['NODE_COMPILE_CACHE'])

resolveDrizzleOnce()
