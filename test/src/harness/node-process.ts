import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** A program of this repository in a process of its own. */
export interface NodeProcess {
  readonly child: ChildProcess
  /** Resolves when the process has ended and everything that it printed was read. */
  readonly ended: Promise<EndedProcess>
}

export interface EndedProcess {
  /** Exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Compiled modules of all processes: the product starts dozens of times in a run. */
const compileCache = join(tmpdir(), 'stagewatch-compile-cache')
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TZ'] as const

/**
 * Runs a file of the repository with this Node.
 * @param env the whole configuration: nothing of the test run's own comes through.
 */
export function startNode(file: string, args: readonly string[], env: NodeJS.ProcessEnv): NodeProcess {
  const own = Object.fromEntries(inherited.map((name) => [name, process.env[name]]))
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...own, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test run that is cut off leaves nothing running.
  const killChild = (): void => void child.kill('SIGKILL')
  process.once('exit', killChild)
  return { child, ended: endOf(child).finally(() => process.off('exit', killChild)) }
}

async function endOf(child: ChildProcess): Promise<EndedProcess> {
  const [stdout, stderr] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'close')])
  return { code: child.signalCode ?? child.exitCode ?? 0, stdout, stderr }
}

function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream)
}
