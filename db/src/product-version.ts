import manifest from '../../package.json' with { type: 'json' }

/** The version of this program. `package.json` is the only place where it is written. */
export const productVersion = manifest.version
