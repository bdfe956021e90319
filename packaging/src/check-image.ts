import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseDockerfile } from './parse-dockerfile.ts'

/**
 * Builds the image with a container engine, and runs it as the documents do, without capabilities and on a read-only
 * file system: `node packaging/src/check-image.ts`. With `--find`, it only says which engine it would use.
 *
 * Where no registry can be reached, the base image is made of Debian's packages (debootstrap) and the Node of this
 * repository.
 */
const repository = fileURLToPath(new URL('../..', import.meta.url))
const dockerfile = join(repository, 'packaging/docker/Dockerfile')
const base = `docker.io/library/${parseDockerfile(readFileSync(dockerfile, 'utf8'))[0]?.base ?? ''}`
const image = 'localhost/stagewatch:check'
const name = `stagewatch-check-${process.pid}`
const readyWithinMs = 120_000

interface Engine {
  readonly program: 'docker' | 'podman'
  /** Options with which it can run a container here. */
  readonly options: readonly string[]
}

// Podman calls systemd for health checks, which a machine may not have.
process.env['DISABLE_HC_SYSTEMD'] = 'true'

const available = (['docker', 'podman'] as const).find((one) => succeeds(one, ['info']))
if (process.argv.includes('--find')) console.log(available ?? 'none')
else {
  if (available === undefined) throw new Error('there is no container engine: start Docker, or install Podman')
  requireBase(available)
  const engine = { program: available, options: optionsOf(available) }
  try {
    buildImage(engine)
    await checkContainer(engine)
    console.log(`The image builds with ${available}, and its container starts, answers and stops.`)
  } finally {
    spawnSync(available, ['volume', 'rm', '--force', name])
    spawnSync(available, ['image', 'rm', '--force', image])
  }
}

function requireBase(program: Engine['program']): void {
  if (succeeds(program, ['image', 'inspect', base]) || succeeds(program, ['pull', '--quiet', base])) return
  const root = mkdtempSync(join(tmpdir(), 'stagewatch-base-'))
  try {
    const [, release = ''] = /-(\w+)-slim$/.exec(base) ?? []
    const packages = '--include=ca-certificates,libatomic1'
    run('debootstrap', ['--variant=minbase', packages, release, root])
    const npm = dirname(dirname(realPathOf('npm')))
    cpSync(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true })
    mkdirSync(join(root, 'usr/local/lib/node_modules'), { recursive: true })
    cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
    for (const tool of ['npm', 'npx'])
      run('ln', ['-s', `../lib/node_modules/npm/bin/${tool}-cli.js`, join(root, 'usr/local/bin', tool)])
    run('chroot', [root, 'useradd', '--uid', '1000', '--create-home', 'node'])
    // The authorities that this machine trusts, which may include that of a proxy.
    const authorities = '/etc/ssl/certs/ca-certificates.crt'
    if (existsSync(authorities)) cpSync(authorities, join(root, authorities), { dereference: true })
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    const changes = [`ENV PATH=${path}`, `ENV NODE_EXTRA_CA_CERTS=${authorities}`].flatMap((one) => ['--change', one])
    const pack = 'root="$1" program="$2"; shift 2; tar --create --directory "$root" . | "$program" import "$@"'
    run('sh', ['-c', pack, 'sh', root, program, ...changes, '-', base])
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** The first options with which a container of the base image runs. */
function optionsOf(program: Engine['program']): readonly string[] {
  const limits = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096']
  const candidates: readonly (readonly string[])[] =
    program === 'docker' ? [[]] : [[], limits, ['--runtime=runc', ...limits]]
  const found = candidates.find((options) =>
    succeeds(program, [
      ...global(options),
      'run',
      '--rm',
      '--network=host',
      ...own(options),
      base,
      'node',
      '--version',
    ]),
  )
  if (found === undefined) throw new Error(`${program} cannot run a container here`)
  return found
}

/** Options of the program itself. */
function global(options: readonly string[]): string[] {
  return options.filter((option) => option.startsWith('--runtime'))
}

/** Options of `run`. */
function own(options: readonly string[]): string[] {
  return options.filter((option) => !option.startsWith('--runtime'))
}

function buildImage({ program }: Engine): void {
  // The format of OCI has no health checks; without isolation, no network has to be set up for the steps.
  const options =
    program === 'podman' ? ['--format=docker', '--isolation=chroot', '--pull=never', '--layers=false'] : []
  run(program, ['build', ...options, '--network=host', '--file', dockerfile, '--tag', image, repository])
}

/** Runs the container twice on the same volume, like an update does. */
async function checkContainer({ program, options }: Engine): Promise<void> {
  const port = await freePort()
  const execute = (...words: string[]) =>
    spawnSync(program, [...global(options), 'exec', name, ...words], { encoding: 'utf8' })
  const inspect = (of: string, format: string) => outputOf(program, ['inspect', '--format', format, of]).trim()
  const health = healthCheckOf(program)
  const limits = ['--read-only', '--cap-drop=all', '--security-opt=no-new-privileges', '--network=host']
  for (const start of ['first', 'second'] as const) {
    const settings = ['--env', `PORT=${port}`, '--volume', `${name}:/data`]
    run(program, [
      ...global(options),
      'run',
      '--detach',
      '--name',
      name,
      ...own(options),
      ...limits,
      ...settings,
      image,
    ])
    try {
      if (execute(...health).status === 0) throw new Error('the health check passes before the server is ready')
      await untilHealthy(
        () => execute(...health).status === 0,
        () => outputOf(program, ['logs', name]),
      )
      const log = outputOf(program, ['logs', name])
      if (!log.includes('stagewatch key create')) throw new Error(`the greeting names no command: ${log}`)
      const user = execute('id', '--user').stdout.trim()
      if (user !== '1000') throw new Error(`the server runs as user ${user}`)
      for (const file of ['/app/new', '/usr/local/bin/new', '/new'])
        if (execute('touch', file).status === 0) throw new Error(`${file} can be written`)
      if (execute('sh', '-c', 'command -v npm npx corepack').stdout !== '') throw new Error('the image contains npm')
      if (start === 'first') {
        execute('sh', '-c', `printf 'order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n' >/data/log.csv`)
        expectOutput(execute('stagewatch', 'import', '/data/log.csv', '--discover', '--json'), '"accepted":1')
      } else expectOutput(execute('stagewatch', 'doctor'), 'tables: 1 order')
      run(program, [...global(options), 'stop', name])
      const code = inspect(name, '{{.State.ExitCode}}')
      if (code !== '0') throw new Error(`the ${start} server ended with ${code}`)
    } finally {
      spawnSync(program, [...global(options), 'rm', '--force', name])
    }
  }
}

/** The command of the image that says whether its container is ready. */
function healthCheckOf(program: Engine['program']): readonly string[] {
  interface Inspected {
    readonly Healthcheck?: { readonly Test: readonly string[] }
    readonly Config: { readonly Healthcheck?: { readonly Test: readonly string[] } }
  }
  const [found] = JSON.parse(outputOf(program, ['image', 'inspect', image])) as readonly Inspected[]
  // Podman lists it beside the configuration.
  const {
    Test: [kind, ...words],
  } = found?.Config.Healthcheck ?? found?.Healthcheck ?? { Test: [] }
  if (kind !== 'CMD' || words.length === 0) throw new Error('the image has no health check')
  return words
}

async function untilHealthy(isHealthy: () => boolean, log: () => string): Promise<void> {
  const until = Date.now() + readyWithinMs
  while (!isHealthy()) {
    if (Date.now() > until) throw new Error(`the server does not get ready: ${log()}`)
    await sleep(200)
  }
}

function expectOutput({ stdout, stderr }: { stdout: string; stderr: string }, text: string): void {
  if (!stdout.includes(text)) throw new Error(`${text} is not in: ${stdout}${stderr}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function realPathOf(program: string): string {
  return outputOf('sh', ['-c', 'readlink -f "$(command -v "$0")"', program]).trim()
}

function outputOf(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  // Servers write to both.
  return stdout + (args[0] === 'logs' ? stderr : '')
}

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`)
}
