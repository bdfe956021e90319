import { existsSync } from 'node:fs'

/**
 * Preloaded by the scripts of package.json (`node --import`): takes over a file .env of the working directory, if there
 * is one. `--env-file-if-exists` writes a line on standard error when there is none, before anything that a command
 * says, and what tests start should not see the settings of whoever develops.
 */
if (existsSync('.env')) process.loadEnvFile('.env')
