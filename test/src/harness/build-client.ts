import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Browser tests use the pages as users get them: the production build of the working tree. */
export default async function buildClient(): Promise<void> {
  const nodeEnv = process.env['NODE_ENV']
  const built = await build({
    configFile: fileURLToPath(new URL('../../../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  })
  // The configuration of the build sets it, but test files that follow need React's `act`, which exists only in
  // development.
  if (nodeEnv === undefined) delete process.env['NODE_ENV']
  else process.env['NODE_ENV'] = nodeEnv
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  if (outputs.some((file) => file.type === 'chunk' && file.code.includes(onlyInDevelopment))) {
    throw new Error('The pages were built with React for development: see NODE_ENV in vite.config.ts')
  }
}

/** A name in the development build of React, which is several times slower and keeps a stack for each element. */
const onlyInDevelopment = 'react-stack-top-frame'
