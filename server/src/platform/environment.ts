import { postgresqlHosts } from '@stagewatch/db/postgresql-hosts.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { z } from 'zod'
import { parseRange } from './http/client-address.ts'
import { hostnameOf, isWildcard } from './http/served-hosts.ts'
import { parseSecretKeys } from './secret-keys.ts'

const absent = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(absent, schema.optional())
const withDefault = <T extends z.ZodType>(schema: T, value: string) =>
  z.preprocess((given) => absent(given) ?? value, schema)

const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` })

function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,15}$/, error)
    .transform(Number)
    .pipe(z.number().min(least, error).max(most, error))
}

const bindAddress = z
  .string()
  .regex(/^[a-z0-9._:%-]+$/i, 'must be an address or a name without scheme and path, such as 127.0.0.1 or 0.0.0.0')
  // A name or an IPv4 address followed by a port; it does not look like an IPv6 address.
  .refine((text) => !/^[^:]+:\d*$/.test(text), 'must come without a port, which is set by PORT')

function checkDatabaseUrl(url: string, context: z.RefinementCtx): void {
  try {
    postgresqlHosts(url)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not a database URL' })
  }
}

const exampleUrl = 'for example https://board.example.com'

/** Links, cookies and sockets assume the root of a host, see decision 0017. */
function checkPublicUrl(text: string, context: z.RefinementCtx): void {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message })
  if (!URL.canParse(text)) return refuse(`must be an address, ${exampleUrl}`)
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse(`must begin with http:// or https://`)
  else if (url.pathname !== '/')
    refuse(
      `must be a host without a path such as ${url.pathname}: give Stagewatch a host name of its own, ${exampleUrl}`,
    )
  else if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    refuse(`must be scheme, host and port only, ${exampleUrl}`)
  else if (isWildcard(url.hostname))
    refuse(`must be an address that people can open, ${exampleUrl}, not ${url.hostname}`)
}

const originOnly = z
  .string()
  .superRefine(checkPublicUrl)
  .transform((text) => new URL(text).origin)

function checkHostNames(names: readonly string[], context: z.RefinementCtx): void {
  for (const name of names) {
    if (hostnameOf(name) !== undefined && !/:\d+$/.test(name.replace(/^\[.*\]/, ''))) continue
    context.addIssue({
      code: 'custom',
      message: `${name} is not a host name; write names or addresses without scheme and port`,
    })
  }
}

function checkRanges(ranges: readonly string[], context: z.RefinementCtx): void {
  for (const range of ranges) {
    try {
      parseRange(range)
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof Error ? error.message : `${range} is not an address`,
      })
    }
  }
}

const proxyRanges = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((range) => range !== ''))
  .superRefine(checkRanges)

const hostNames = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((name) => name !== ''))
  .superRefine(checkHostNames)
/** Variables that have no effect without each other; setting only some of them would fail silently. */
const together = [
  ['SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL'],
  ['MAIL_FROM', 'SMTP_URL'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PUBLIC_URL'],
] as const

/** Separate from the schema, whose own refinements run only if each variable by itself is valid. */
function missingVariables(
  variables: NodeJS.ProcessEnv,
): readonly { readonly field: string; readonly message: string }[] {
  return together.flatMap(([given, ...needed]) =>
    needed
      .filter((name) => absent(variables[given] ?? '') !== undefined && absent(variables[name] ?? '') === undefined)
      .map((name) => ({ field: name, message: `is required because ${given} is set` })),
  )
}

function checkSecretKeys(text: string, context: z.RefinementCtx): void {
  try {
    parseSecretKeys(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is no key' })
  }
}

/**
 * Standard variables, which other programs on the machine share. So a value that is not understood is ignored with a
 * warning, as the specification demands, and does not prevent the start. The exporters read more of them by themselves.
 */
const openTelemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.string()).describe(
    'OpenTelemetry: collector that receives traces and metrics over HTTP, http://collector:4318 for example; without it nothing is exported.',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optional(z.string()).describe(
    'OpenTelemetry: complete URL for traces only, https://traces.example.com/v1/traces for example.',
  ),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: optional(z.string()).describe(
    'OpenTelemetry: complete URL for metrics only, https://metrics.example.com/v1/metrics for example.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(z.string()).describe(
    'OpenTelemetry: headers of each export, authorization=Bearer%20TOKEN for example; several separated by commas.',
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: optional(z.string()).describe('OpenTelemetry: http/protobuf (default) or http/json.'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: optional(z.string()).describe('OpenTelemetry: the same for traces only.'),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: optional(z.string()).describe('OpenTelemetry: the same for metrics only.'),
  OTEL_TRACES_EXPORTER: optional(z.string()).describe('OpenTelemetry: none exports no traces.'),
  OTEL_METRICS_EXPORTER: optional(z.string()).describe('OpenTelemetry: none exports no metrics.'),
  OTEL_SERVICE_NAME: optional(z.string()).describe('OpenTelemetry: name of this service, stagewatch by default.'),
  OTEL_RESOURCE_ATTRIBUTES: optional(z.string()).describe(
    'OpenTelemetry: further attributes of this service, deployment.environment.name=production for example; several separated by commas.',
  ),
  OTEL_TRACES_SAMPLER: optional(z.string()).describe(
    'OpenTelemetry: which traces are exported: always_on, always_off, traceidratio, or one of these after parentbased_; parentbased_always_on by default.',
  ),
  OTEL_TRACES_SAMPLER_ARG: optional(z.string()).describe(
    'OpenTelemetry: proportion of the traces that traceidratio exports, 0.1 for example; 1 by default.',
  ),
  OTEL_BSP_SCHEDULE_DELAY: optional(z.string()).describe(
    'OpenTelemetry: time between two exports of traces, in milliseconds; 5000 by default.',
  ),
  OTEL_METRIC_EXPORT_INTERVAL: optional(z.string()).describe(
    'OpenTelemetry: time between two exports of metrics, in milliseconds; 60000 by default.',
  ),
  OTEL_SDK_DISABLED: optional(z.string()).describe('OpenTelemetry: true exports nothing, whatever else is set.'),
}

/** Every variable that the program reads, with its purpose; `.env.example` is generated from it. */
export const environmentSchema = z.object({
  HOST: withDefault(bindAddress, '127.0.0.1').describe(
    'Address to listen on; 0.0.0.0 opens the server to the network, and reading then needs a key.',
  ),
  PORT: withDefault(wholeNumber(0, 65_535), '4000').describe('Port to listen on; 0 picks a free one.'),
  PUBLIC_URL: optional(originOnly).describe(
    'Address under which people and screens reach the server, https://board.example.com for example: a host of its own, no path.',
  ),
  ALLOWED_HOSTS: optional(hostNames).describe(
    'Further host names or addresses that the server answers to, separated by commas, besides its own and that of PUBLIC_URL.',
  ),
  TRUSTED_PROXIES: optional(proxyRanges).describe(
    'Proxies in front of the server, addresses and CIDR ranges separated by commas; X-Forwarded-For and Forwarded are trusted only from them.',
  ),
  DATABASE_URL: optional(z.string().superRefine(checkDatabaseUrl)).describe(
    'PostgreSQL 15 or newer, optionally with several hosts; without it an embedded database in DATA_DIR is used.',
  ),
  DATA_DIR: withDefault(z.string(), './data').describe('Folder of the embedded database.'),
  UPLOAD_DIR: optional(z.string()).describe(
    'Folder of uploaded files to be imported, each kept for 24 hours after its last use; uploads in DATA_DIR by default. Servers behind one load balancer must share it.',
  ),
  UPLOAD_MAX_BYTES: withDefault(wholeNumber(1, 1_000_000_000_000), '2147483648').describe(
    'Maximum size of an uploaded file, in bytes; a site can have 20 files at a time, with four times this size in total.',
  ),
  BACKUP_DIR: optional(z.string()).describe(
    'Folder for a backup that the server makes every day, best on another disk; without it no backups are made.',
  ),
  BACKUP_AT: withDefault(
    z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 02:30'),
    '02:30',
  ).describe('When it is made, in the time zone of the machine.'),
  BACKUP_KEEP: withDefault(wholeNumber(1, 1_000), '14').describe(
    'Number of backups to keep in that folder; older ones are deleted.',
  ),
  AUDIT_HEADS_DIR: optional(z.string()).describe(
    'Folder to which the server adds the newest hashes of the sealed record every minute; audit-heads in DATA_DIR by default. It proves more on another machine.',
  ),
  ARCHIVE_DIR: optional(z.string()).describe(
    'Folder of archives, the files with events of orders that ended long ago; archives in DATA_DIR by default. Servers of one PostgreSQL must share it, and it needs a backup of its own.',
  ),
  DEMO: withDefault(oneOf(['on', 'off']), 'on').describe('Sample factory on an empty embedded database: on or off.'),
  LOG_LEVEL: withDefault(oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info').describe(
    'Minimum severity of the log lines that are written: fatal, error, warn, info, debug, trace or silent.',
  ),
  SLOW_STATEMENT_MS: withDefault(wholeNumber(0, 600_000), '1000').describe(
    'Duration from which on a database statement is logged as slow, in milliseconds; 0 logs none.',
  ),
  MEMORY_VISITS: withDefault(wholeNumber(1_000, 1_000_000_000), '10000000').describe(
    'Number of finished visits of a site that are kept in memory, the most recent ones, about 43 bytes each; queries read older ones from the database, which is slower.',
  ),
  METRICS_TOKEN: optional(z.string().min(16, 'must have at least 16 characters')).describe(
    'Token that Prometheus sends to read /metrics; at least 16 characters.',
  ),
  ...openTelemetryVariables,
  WEBHOOK_PRIVATE_NETWORKS: withDefault(oneOf(['on', 'off']), 'off').describe(
    'on: webhooks and channels may send to this machine and to private networks, also without TLS; administrators of a site can then reach whatever the server can reach.',
  ),
  AUTH_SECRET: optional(z.string().min(32, 'must have at least 32 characters')).describe(
    'Secret that signs session cookies, at least 32 characters; without it a random one is kept in the database.',
  ),
  SECRETS_KEY: optional(z.string().superRefine(checkSecretKeys)).describe(
    'Encrypts the secrets of channels and webhooks, 32 random bytes in Base64 (openssl rand -base64 32); several separated by commas, newest first. Without it a key is kept in DATA_DIR; several servers of one PostgreSQL need it.',
  ),
  SMTP_URL: optional(
    z.url({ protocol: /^smtps?$/, error: 'must be an address such as smtp://user:password@host:587' }),
  ).describe(
    'Mail server for invitations and password resets, smtp://user:password@host:587; without it administrators pass links on themselves.',
  ),
  MAIL_FROM: optional(z.string()).describe('Sender of mail, for example Stagewatch <stagewatch@example.com>.'),
  OIDC_ISSUER: optional(
    z.url({ protocol: /^https?$/, error: 'must be an address such as https://login.example.com' }),
  ).describe(
    'OpenID Connect provider for single sign-on; register the redirect URI PUBLIC_URL/api/auth/callback/oidc for its client.',
  ),
  OIDC_CLIENT_ID: optional(z.string()).describe('Client ID of this server at the provider.'),
  OIDC_CLIENT_SECRET: optional(z.string()).describe('Client secret of this server at the provider.'),
  OIDC_TRUST_EMAIL: withDefault(z.enum(['on', 'off']), 'off').describe(
    'on: email addresses count as verified if the provider sends no email_verified; only for a provider whose users cannot choose their address.',
  ),
  OIDC_NAME: withDefault(z.string(), 'Single sign-on').describe('Name of the provider on the sign-in page.'),
})

export type Environment = z.infer<typeof environmentSchema>

/** The configuration is wrong; the message lists every problem. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** @throws EnvironmentError naming every invalid variable, not only the first. */
export function parseEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const parsed = environmentSchema.safeParse(variables)
  const problems = [...(parsed.success ? [] : fieldIssues(parsed.error)), ...missingVariables(variables)]
  if (parsed.success && problems.length === 0) return parsed.data
  const lines = problems.map(({ field, message }) => `  ${field}: ${message}`)
  throw new EnvironmentError(`the configuration is wrong:\n${lines.join('\n')}`)
}

/** The text of `.env.example`: every variable with its purpose and default. */
export function environmentExample(): string {
  const defaults: Readonly<Record<string, string | number | readonly string[] | undefined>> = parseEnvironment({})
  const blocks = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const value = defaults[name]
    return `# ${schema.description ?? ''}\n${value === undefined ? `# ${name}=` : `${name}=${String(value)}`}\n`
  })
  return `# Copy to .env or set in the environment; everything here is optional.\n\n${blocks.join('\n')}`
}
