import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastValue, parseDockerfile, variablesOf, wordsOf } from '@stagewatch/packaging/parse-dockerfile.ts'
import { environmentSchema, parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import manifest from '../../../package.json' with { type: 'json' }
import node from '../../../node_modules/node/package.json' with { type: 'json' }

const folder = join(import.meta.dirname, '../../../packaging/docker')
const image = parseDockerfile(readFileSync(join(folder, 'Dockerfile'), 'utf8')).at(-1)!
const ofImage = variablesOf(image, 'ENV')
/** Read by Node itself and by libraries. */
const ofNode = new Set(['NODE_ENV'])

const service = z.looseObject({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()).default(['default']),
  depends_on: z.record(z.string(), z.unknown()).default({}),
  restart: z.literal('unless-stopped'),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
})
const compose = z.looseObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
  networks: z.record(z.string(), z.looseObject({})).default({}),
})

/** What somebody puts into `.env`. */
const settings: Readonly<Record<string, string>> = {
  PUBLIC_URL: 'https://board.example.com',
  POSTGRES_PASSWORD: '5f0a7c',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
}

function readYaml(file: string): unknown {
  const reset = { tag: '!reset', collection: 'seq', resolve: () => [] } as const
  return parse(readFileSync(join(folder, file), 'utf8'), { customTags: [reset] })
}

/** Replaces `${NAME:-default}` and `${NAME:?what to do}` like Compose. */
function interpolated(value: string, names = new Set<string>()): string {
  return value.replaceAll(/\$\{(\w+):([-?])([^}]+)\}/g, (_, name: string, kind: string, rest: string) => {
    names.add(name)
    return settings[name] ?? (kind === '-' ? rest : `missing ${name}`)
  })
}

describe('the image', () => {
  it('has the version of the product, and Node as it is tested', () => {
    const stages = parseDockerfile(readFileSync(join(folder, 'Dockerfile'), 'utf8'))
    expect(new Set(stages.map(({ base }) => base.split('-', 1)[0]))).toEqual(
      new Set([`node:${node.version.split('.', 1)[0]}`]),
    )
    expect(variablesOf(image, 'ARG')['VERSION']).toBe(manifest.version)
    expect(variablesOf(image, 'LABEL')).toMatchObject({
      'org.opencontainers.image.version': '$VERSION',
      'org.opencontainers.image.licenses': manifest.license,
      'org.opencontainers.image.description': manifest.description,
    })
  })

  it('sets variables that the server knows, to valid values', () => {
    const own = Object.entries(ofImage).filter(([name]) => !ofNode.has(name))
    expect(own.map(([name]) => name).filter((name) => !Object.hasOwn(environmentSchema.shape, name))).toEqual([])
    expect(parseEnvironment(Object.fromEntries(own))).toMatchObject({ HOST: '0.0.0.0', DEMO: 'off' })
    expect(ofImage['DATA_DIR']).toBe(lastValue(image, 'VOLUME'))
    expect(ofImage['PORT']).toBe(lastValue(image, 'EXPOSE'))
  })

  it('runs as a user without rights, reports its health, and stops on a signal that the server handles', () => {
    expect(lastValue(image, 'USER')).toBe('node')
    expect(lastValue(image, 'STOPSIGNAL')).toBe('SIGTERM')
    expect(lastValue(image, 'HEALTHCHECK')).toContain('/readyz')
    expect(wordsOf(lastValue(image, 'ENTRYPOINT') ?? '')).toEqual(['stagewatch'])
  })
})

const files = globSync('compose*.yaml', { cwd: folder })

it('there are files for one server, for PostgreSQL and for TLS', () => {
  expect(files.toSorted()).toEqual(['compose.postgresql.yaml', 'compose.tls.yaml', 'compose.yaml'])
})

describe.each(files)('%s', (file) => {
  const isAddition = file === 'compose.tls.yaml'
  const raw = readYaml(file) as { services: Record<string, object> }
  /** The file itself, or with the one that it adds to, merged as far as it is needed here. */
  const base = isAddition ? (readYaml('compose.postgresql.yaml') as typeof raw) : undefined
  const merged = base === undefined ? raw : withAddition(base, raw)
  const { services, volumes, networks } = compose.parse(merged)
  const { stagewatch } = services

  it('refers to volumes, networks, services and files that are there', () => {
    for (const { volumes: mounted, networks: joined, depends_on: needed } of Object.values(services)) {
      const sources = mounted.map((mount) => mount.split(':', 1)[0] ?? '')
      const isThere = (source: string) =>
        source.startsWith('.') ? existsSync(join(folder, source)) : source in volumes
      expect(sources.filter((source) => !isThere(source))).toEqual([])
      expect(Object.keys({ default: {}, ...networks })).toEqual(expect.arrayContaining(joined))
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(needed)))
    }
    expect(existsSync(join(folder, stagewatch?.build?.context ?? '', stagewatch?.build?.dockerfile ?? ''))).toBe(true)
    expect(stagewatch?.image).toBe(`stagewatch:${manifest.version}`)
  })

  it('gives the server variables that it knows, with valid values', () => {
    const given = stagewatch?.environment ?? {}
    expect(Object.keys(given).filter((name) => !Object.hasOwn(environmentSchema.shape, name))).toEqual([])
    const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, interpolated(value)]))
    expect(parseEnvironment({ ...ofImage, ...values })).toMatchObject({
      PUBLIC_URL: settings['PUBLIC_URL'],
      HOST: '0.0.0.0',
    })
    expect(JSON.stringify(values)).not.toContain('missing')
  })

  it('says what to set if a value is missing', () => {
    const text = readFileSync(join(folder, file), 'utf8')
    const required = Array.from(text.matchAll(/\$\{(\w+):\?([^}]*)\}/g), ([, name, message]) => ({ name, message }))
    expect(required.length).toBeGreaterThan(0)
    for (const { name, message } of required) expect(message).toMatch(new RegExp(`^set ${name} in \\.env\\b`))
    expect(text).not.toMatch(/\$\{\w+\}/)
  })

  it('restricts the server: a read-only file system, no capabilities, one volume', () => {
    expect(stagewatch).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'], volumes: ['data:/data'] })
    expect(stagewatch?.ports.map((port) => port.split(':').at(-1))).toEqual(isAddition ? [] : [ofImage['PORT']])
  })
})

it('the server trusts the proxy with TLS, by the network of both', () => {
  const { services, networks } = readYaml('compose.tls.yaml') as {
    services: Record<string, { environment: Record<string, string>; networks: string[] }>
    networks: Record<string, { ipam: { config: { subnet: string }[] } }>
  }
  expect(services['stagewatch']?.networks).toEqual(['default', 'proxy'])
  expect(services['caddy']?.networks).toEqual(['proxy'])
  const [config] = networks['proxy']?.ipam.config ?? []
  expect(services['stagewatch']?.environment['TRUSTED_PROXIES']).toBe(config?.subnet)
  const caddyfile = readFileSync(join(folder, 'Caddyfile'), 'utf8')
  expect(caddyfile).toContain(`{$UPSTREAM:stagewatch:${ofImage['PORT']}}`)
  expect(Object.keys(services['caddy']?.environment ?? {})).toEqual(
    Array.from(caddyfile.matchAll(/\{\$(\w+)\}/g), ([, name]) => name),
  )
})

/** Maps are merged, and other values replaced, as with two options `--file`. */
function withAddition<T>(base: T, addition: T): T {
  if (!isMap(base) || !isMap(addition)) return addition
  const keys = new Set([...Object.keys(base), ...Object.keys(addition)])
  const entries = [...keys].map((key) => [
    key,
    !(key in addition) ? base[key] : key in base ? withAddition(base[key], addition[key]) : addition[key],
  ])
  return Object.fromEntries(entries) as T
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
