import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, matchesGlob, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { lastValue, parseDockerfile, variablesOf, wordsOf, type Stage } from './parse-dockerfile.ts'

/**
 * Executes the Dockerfile without a container engine: `node packaging/src/check-dockerfile.ts`, as root on Linux. With an
 * engine, `check-image.ts` builds the image itself.
 *
 * Each stage is an overlay of this machine, with the Node of this repository in place of the base image, entered by
 * chroot. Then the result runs as the user of the image, without capabilities, on a read-only file system with a
 * separate `/data`. So this checks the steps, the paths, the permissions, the health check and the stop signal, and not
 * the base image: what the machine has and `node:26-trixie-slim` has not goes unnoticed.
 */
const repository = fileURLToPath(new URL('../..', import.meta.url))
const dockerfile = join(repository, 'packaging/docker/Dockerfile')
const user = { name: 'node', id: 1000 }
const readyWithinMs = 120_000

const inNamespace = 'STAGEWATCH_CHECK_NAMESPACE'
if (process.env[inNamespace] === undefined) {
  // The mounts disappear with their namespace, whatever happens.
  const again = ['--mount', '--propagation', 'private', process.execPath, fileURLToPath(import.meta.url)]
  process.exitCode =
    spawnSync('unshare', again, { stdio: 'inherit', env: { ...process.env, [inNamespace]: '1' } }).status ?? 1
} else {
  const disk = mkdtempSync(join(tmpdir(), 'stagewatch-image-'))
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=8g', 'tmpfs', disk)
    const roots = new Map<string, string>()
    const stages = parseDockerfile(readFileSync(dockerfile, 'utf8'))
    for (const [index, stage] of stages.entries()) {
      const root = baseImage(join(disk, String(index)))
      console.log(`stage ${stage.name ?? index} from ${stage.base}`)
      build(stage, root, roots)
      if (stage.name !== undefined) roots.set(stage.name, root)
      if (index === stages.length - 1) await checkContainer(stage, root, join(disk, 'data'))
    }
    console.log('The Dockerfile builds, and its result starts, answers and stops.')
  } finally {
    run('umount', '--recursive', '--lazy', disk)
    rmSync(disk, { recursive: true })
  }
}

/** This machine, its own programs of Node replaced by those of the base image. @returns the root of the file system. */
function baseImage(folder: string): string {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [string, string, string]
  for (const path of [upper, work, root]) mkdirSync(path, { recursive: true })
  run('mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`, root)
  run('mount', '-t', 'proc', 'proc', join(root, 'proc'))
  run('mount', '--rbind', '/dev', join(root, 'dev'))
  run('mount', '-t', 'tmpfs', 'tmpfs', join(root, 'tmp'))
  cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true })
  cpSync(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true })
  // In case the machine has no such user.
  appendFileSync(join(root, 'etc/passwd'), `${user.name}:x:${user.id}:${user.id}::/home/node:/bin/sh\n`)
  appendFileSync(join(root, 'etc/group'), `${user.name}:x:${user.id}:\n`)
  return root
}

/** Executes the steps of a stage; instructions for the running container are checked afterwards. */
function build(stage: Stage, root: string, others: ReadonlyMap<string, string>): void {
  let folder = '/'
  for (const { keyword, value } of stage.instructions) {
    switch (keyword) {
      case 'WORKDIR':
        folder = value
        mkdirSync(join(root, folder), { recursive: true })
        break
      case 'COPY':
        copy(value, folder, root, others)
        break
      case 'RUN':
        console.log(`  RUN ${value}`)
        run(
          'chroot',
          root,
          '/usr/bin/env',
          '-i',
          ...environmentOf(stage, '/root'),
          'sh',
          '-c',
          `cd ${folder} && ${value}`,
        )
        break
    }
  }
}

function copy(value: string, folder: string, root: string, others: ReadonlyMap<string, string>): void {
  const [, stage, from = '', to = ''] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(value) ?? []
  const target = join(root, to.startsWith('/') ? to : join(folder, to))
  const other = stage === undefined ? undefined : others.get(stage)
  if (stage !== undefined && other === undefined) throw new Error(`COPY from the unknown stage ${stage}`)
  const ignored = readFileSync(`${dockerfile}.dockerignore`, 'utf8').split('\n').filter(Boolean)
  const isSent = (path: string): boolean => !ignored.some((pattern) => matchesGlob(relative(repository, path), pattern))
  if (other === undefined) cpSync(join(repository, from), target, { recursive: true, filter: isSent })
  else cpSync(join(other, from), target, { recursive: true, verbatimSymlinks: true })
}

/** What the variables of a container are, without those of this process, except for the way to the registry. */
function environmentOf(stage: Stage, home: string, more: Readonly<Record<string, string>> = {}): string[] {
  const registry = Object.entries(process.env).filter(([name]) =>
    /^(?:https?_proxy|no_proxy|npm_config_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i.test(name),
  )
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const variables = { ...Object.fromEntries(registry), PATH: path, HOME: home, ...variablesOf(stage, 'ENV'), ...more }
  return Object.entries(variables).map(([name, value]) => `${name}=${value ?? ''}`)
}

/** Runs the container twice on the same volume, like an update does. */
async function checkContainer(stage: Stage, root: string, volume: string): Promise<void> {
  const tools = globSync('usr/local/{bin/{npm,npx,corepack,yarn*},lib/node_modules,include}', { cwd: root })
  if (tools.length > 0) throw new Error(`the image contains ${tools.join(', ')}`)
  // A new named volume has the content and the owner of the folder in the image.
  run('cp', '--archive', '--no-target-directory', join(root, lastValue(stage, 'VOLUME') ?? ''), volume)
  run('mount', '--bind', volume, join(root, lastValue(stage, 'VOLUME') ?? ''))
  run('mount', '--options', 'remount,ro', root)
  const port = await freePort()
  const inContainer = (...words: string[]): string[] => {
    const environment = environmentOf(stage, '/home/node', { PORT: String(port) })
    const ids = ['--reuid', lastValue(stage, 'USER') ?? 'root', '--regid', lastValue(stage, 'USER') ?? 'root']
    const limits = ['--clear-groups', '--no-new-privs', '--bounding-set', '-all', '--inh-caps', '-all']
    const command = `cd ${lastValue(stage, 'WORKDIR') ?? '/'} && exec "$0" "$@"`
    return ['chroot', root, 'env', '-i', ...environment, 'setpriv', ...ids, ...limits, 'sh', '-c', command, ...words]
  }
  const execute = (...words: string[]) => {
    const [file = '', ...args] = inContainer(...words)
    return spawnSync(file, args, { encoding: 'utf8' })
  }
  for (const file of ['/app/new', '/usr/local/bin/new', '/new'])
    if (execute('touch', file).status === 0) throw new Error(`${file} can be written`)
  const health = wordsOf(/CMD (\[.*\])$/.exec(lastValue(stage, 'HEALTHCHECK') ?? '')?.[1] ?? '')
  const log = '/data/log.csv'
  for (const start of ['first', 'second'] as const) {
    const [file = '', ...args] = inContainer(...wordsOf(lastValue(stage, 'ENTRYPOINT') ?? ''))
    const server = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      if (execute(...health).status === 0) throw new Error('the health check passes before the server is ready')
      const greeting = await greetingOf(server)
      if (!greeting.includes('"createKey":"stagewatch key create'))
        throw new Error(`the greeting names no command: ${greeting}`)
      const { status, stderr } = execute(...health)
      if (status !== 0) throw new Error(`the health check fails: ${stderr}`)
      if (start === 'first') {
        execute('sh', '-c', `printf 'order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n' >${log}`)
        expectOutput(execute('stagewatch', 'import', log, '--discover', '--json'), '"accepted":1')
      } else expectOutput(execute('stagewatch', 'doctor'), 'tables: 1 order')
    } finally {
      server.kill((lastValue(stage, 'STOPSIGNAL') ?? '') as NodeJS.Signals)
      if (server.exitCode === null) await once(server, 'exit')
    }
    if (server.exitCode !== 0) throw new Error(`the ${start} server ended with ${server.exitCode ?? server.signalCode}`)
  }
}

function expectOutput({ stdout, stderr }: { stdout: string; stderr: string }, text: string): void {
  if (!stdout.includes(text)) throw new Error(`${text} is not in: ${stdout}${stderr}`)
}

async function greetingOf(server: ChildProcess): Promise<string> {
  let printed = ''
  server.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const until = Date.now() + readyWithinMs
  while (!printed.includes('Stagewatch is running')) {
    if (server.exitCode !== null || Date.now() > until) throw new Error(`the server does not start: ${printed}`)
    await sleep(50)
  }
  return printed
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
