import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { builtProgram } from './built-server.ts'

/** A program of this repository in its own process. */
export interface NodeProcess {
  readonly child: ChildProcess
  /** Resolves when the process has ended and all of its output was read. */
  readonly ended: Promise<EndedProcess>
}

export interface EndedProcess {
  /** Exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Cache of compiled modules for all processes: a test run starts the product dozens of times. */
const compileCache = join(tmpdir(), 'stagewatch-compile-cache')
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TZ'] as const

/**
 * Runs a file of the repository with the current Node.
 * @param env the whole environment: nothing is inherited from the test run.
 * @param from `sources`: as users start it; otherwise see `builtProgram`.
 * @param cwd of a program outside of the repository, whose path is absolute.
 */
export async function startNode(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  from: 'sources' | 'build' = 'build',
  cwd = root,
): Promise<NodeProcess> {
  const program = from === 'sources' ? file : await builtProgram(file)
  const own = Object.fromEntries(inherited.map((name) => [name, process.env[name]]))
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...own, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // An aborted test run leaves no processes behind.
  const killChild = (): void => void child.kill('SIGKILL')
  process.once('exit', killChild)
  return { child, ended: endOf(child).finally(() => process.off('exit', killChild)) }
}

/** Like `startNode`, but waits for the process to end. */
export async function runNode(...program: Parameters<typeof startNode>): Promise<EndedProcess> {
  const { ended } = await startNode(...program)
  return ended
}

async function endOf(child: ChildProcess): Promise<EndedProcess> {
  const [stdout, stderr] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'close')])
  return { code: child.signalCode ?? child.exitCode ?? 0, stdout, stderr }
}

function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream === null ? Promise.resolve('') : text(stream)
}
