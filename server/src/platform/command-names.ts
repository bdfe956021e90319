/**
 * Whether this is the npm package, whose modules are compiled, and not a clone of the repository. Bundles of tests keep
 * the names of the sources.
 */
const isPackage = !import.meta.url.endsWith('.ts')

/** What a user of this installation types before the name of a command. */
export const stagewatchCommand = !isPackage
  ? 'npx pnpm@12 stagewatch'
  : // Otherwise it was installed in the PATH, or an image or a service starts it.
    process.env['npm_command'] === 'exec'
    ? 'npx stagewatch'
    : 'stagewatch'

/** What a user of this installation types to start the server. */
export const startCommand = isPackage ? stagewatchCommand : 'npx pnpm@12 start'

/** Commands of the program besides those of the folder `cli`, with what they do. */
export const launcherCommands: readonly { readonly name: string; readonly summary: string }[] = isPackage
  ? [{ name: 'start', summary: 'start the server, as without a command' }]
  : []
