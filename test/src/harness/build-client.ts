import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Browser tests look at the pages that a user gets: built from what is in the tree now. */
export default async function buildClient(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('../../../vite.config.ts', import.meta.url)), logLevel: 'warn' })
}
