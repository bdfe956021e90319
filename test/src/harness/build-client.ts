import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Browser tests look at the pages that a user gets: built from what is in the tree now, for production. */
export default async function buildClient(): Promise<void> {
  const nodeEnv = process.env['NODE_ENV']
  const built = await build({
    configFile: fileURLToPath(new URL('../../../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  })
  // The configuration of the build changes it, and the test files after this have React's `act`, as in development.
  if (nodeEnv === undefined) delete process.env['NODE_ENV']
  else process.env['NODE_ENV'] = nodeEnv
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  if (outputs.some((file) => file.type === 'chunk' && file.code.includes(onlyInDevelopment))) {
    throw new Error('The pages were built with React for development: see NODE_ENV in vite.config.ts')
  }
}

/** A name in the development build of React, which is several times slower and keeps a stack for each element. */
const onlyInDevelopment = 'react-stack-top-frame'
