import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { SojournFigures } from './sojourn-figures.ts'

const exec = promisify(execFile)
const script = fileURLToPath(new URL('sojourn-by-activity.py', import.meta.url))

export interface PandasPeer {
  readonly name: string
  readonly read: (path: string) => Promise<ReadonlyMap<string, SojournFigures>>
}

/** The first Python that has pandas: the one on the path, or the system's. Undefined if none has. */
export async function findPandas(): Promise<PandasPeer | undefined> {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      const { stdout } = await exec(python, ['-c', 'import pandas; print(pandas.__version__)'])
      return { name: `pandas ${stdout.trim()}`, read: (path) => readWith(python, path) }
    } catch {
      // Python is missing, or has no pandas.
    }
  }
  return undefined
}

async function readWith(python: string, path: string): Promise<ReadonlyMap<string, SojournFigures>> {
  const { stdout } = await exec(python, [script, path])
  const figures: Record<string, SojournFigures> = JSON.parse(stdout)
  return new Map(Object.entries(figures))
}
