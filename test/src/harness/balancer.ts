import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startListening } from './foreground-process.ts'
import { freePort } from './free-port.ts'

export type BalancerKind = 'nginx' | 'haproxy'

const programs: Readonly<Record<BalancerKind, string>> = { nginx: '/usr/sbin/nginx', haproxy: '/usr/sbin/haproxy' }
const configurations: Readonly<Record<BalancerKind, string>> = { nginx: 'nginx.conf', haproxy: 'haproxy.cfg' }

/** Whether the balancer is installed and can be started: the folders of the package belong to root. */
export function hasBalancer(kind: BalancerKind): boolean {
  return existsSync(programs[kind]) && process.getuid?.() === 0
}

export interface Balancer {
  /** Without a trailing slash. */
  readonly url: string
  close(): Promise<void>
}

/** Starts the balancer with the documented configuration; only the ports are replaced. */
export async function startBalancer(kind: BalancerKind, serverPorts: readonly [number, number]): Promise<Balancer> {
  const folder = await mkdtemp(join(tmpdir(), `stagewatch-${kind}-`))
  const port = await freePort()
  const documented = await readFile(
    fileURLToPath(new URL(`../../../docs/operating/${configurations[kind]}`, import.meta.url)),
    'utf8',
  )
  const configuration = documented
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replaceAll('127.0.0.1:4001', `127.0.0.1:${serverPorts[0]}`)
    .replaceAll('127.0.0.1:4002', `127.0.0.1:${serverPorts[1]}`)
  const file = join(folder, configurations[kind])
  await writeFile(file, configuration)
  const args =
    kind === 'haproxy'
      ? ['-db', '-f', file]
      : ['-c', file, '-e', 'stderr', '-g', `daemon off; pid ${join(folder, 'pid')}; error_log stderr warn;`]
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const started = await startListening(programs[kind], args, { port })
    const close = async (): Promise<void> => {
      await started.close()
      await remove()
    }
    return { url: `http://127.0.0.1:${port}`, close }
  } catch (error) {
    await remove()
    throw error
  }
}
