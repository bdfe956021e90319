import { postgresqlHosts } from '@stagewatch/db/postgresql-hosts.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { z } from 'zod'
import { parseRange } from './http/client-address.ts'
import { hostnameOf, isWildcard } from './http/served-hosts.ts'

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
  // A name or an IPv4 address with a port behind it looks like no IPv6 address.
  .refine((text) => !/^[^:]+:\d*$/.test(text), 'must come without a port, which is set by PORT')

function checkDatabaseUrl(url: string, context: z.RefinementCtx): void {
  try {
    postgresqlHosts(url)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is no database URL' })
  }
}

const exampleUrl = 'for example https://board.example.com'

/** Links, cookies and sockets are made for the root of a host, see decision 0017. */
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
      message: `${name} is no host name; write names or addresses without scheme and port`,
    })
  }
}

function checkRanges(ranges: readonly string[], context: z.RefinementCtx): void {
  for (const range of ranges) {
    try {
      parseRange(range)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : `${range} is no address` })
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
/** One without the other would do nothing, and say nothing. */
const together = [
  ['SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL'],
  ['MAIL_FROM', 'SMTP_URL'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'PUBLIC_URL'],
] as const

function checkTogether(variables: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const [given, ...needed] of together) {
    for (const name of needed) {
      if (variables[given] === undefined || variables[name] !== undefined) continue
      context.addIssue({ code: 'custom', path: [name], message: `is needed because ${given} is set` })
    }
  }
}

/** Every variable that the program reads, with what it is for; `.env.example` is made from it. */
export const environmentSchema = z
  .object({
    HOST: withDefault(bindAddress, '127.0.0.1').describe(
      'Address to listen on; 0.0.0.0 opens the server to the network, and reading then needs a key.',
    ),
    PORT: withDefault(wholeNumber(0, 65_535), '4000').describe('Port to listen on; 0 takes a free one.'),
    PUBLIC_URL: optional(originOnly).describe(
      'Address under which people and screens reach the server, https://board.example.com for example; no path.',
    ),
    ALLOWED_HOSTS: optional(hostNames).describe(
      'Further host names or addresses that the server answers to, with commas; it knows its own and that of PUBLIC_URL.',
    ),
    TRUSTED_PROXIES: optional(proxyRanges).describe(
      'Proxies in front of the server, addresses and CIDR ranges with commas between them; of them alone X-Forwarded-For and Forwarded are believed.',
    ),
    DATABASE_URL: optional(z.string().superRefine(checkDatabaseUrl)).describe(
      'PostgreSQL 15 or newer, also several hosts of one; without it an embedded database in DATA_DIR is used.',
    ),
    DATA_DIR: withDefault(z.string(), './data').describe('Folder of the embedded database.'),
    UPLOAD_DIR: optional(z.string()).describe(
      'Folder of files that people send to be imported, kept for a day; uploads in DATA_DIR by default. Servers behind one load balancer share it.',
    ),
    UPLOAD_MAX_BYTES: withDefault(wholeNumber(1, 1_000_000_000_000), '2147483648').describe(
      'Size of the largest file that can be sent to be imported, in bytes; a site can have four of that size at a time.',
    ),
    DEMO: withDefault(oneOf(['on', 'off']), 'on').describe('Sample factory on an empty embedded database: on or off.'),
    LOG_LEVEL: withDefault(oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info').describe(
      'Least severe log line that is written.',
    ),
    MEMORY_VISITS: withDefault(wholeNumber(1_000, 1_000_000_000), '10000000').describe(
      'Finished visits of a site that are kept in memory, the most recent ones; older ones are answered from the database.',
    ),
    METRICS_TOKEN: optional(z.string().min(16, 'must have at least 16 characters')).describe(
      'What Prometheus shows at /metrics; at least 16 characters.',
    ),
    WEBHOOK_PRIVATE_NETWORKS: withDefault(oneOf(['on', 'off']), 'off').describe(
      'on: webhooks may lead to this machine and into private networks, also without TLS; whoever administers a site then reaches what the server reaches.',
    ),
    AUTH_SECRET: optional(z.string().min(32, 'must have at least 32 characters')).describe(
      'What signs the cookies of people, at least 32 characters; without it a random one is kept in the database.',
    ),
    SMTP_URL: optional(
      z.url({ protocol: /^smtps?$/, error: 'must be an address such as smtp://user:password@host:587' }),
    ).describe(
      'Mail server for invitations and forgotten passwords, smtp://user:password@host:587; without it links are handed on by hand.',
    ),
    MAIL_FROM: optional(z.string()).describe('Sender of mail, for example Stagewatch <stagewatch@example.com>.'),
    OIDC_ISSUER: optional(
      z.url({ protocol: /^https?$/, error: 'must be an address such as https://login.example.com' }),
    ).describe(
      'OpenID Connect provider for single sign-on; its client gets the redirect URI PUBLIC_URL/api/auth/callback/oidc.',
    ),
    OIDC_CLIENT_ID: optional(z.string()).describe('Client of this server at the provider.'),
    OIDC_CLIENT_SECRET: optional(z.string()).describe('Secret of that client.'),
    OIDC_TRUST_EMAIL: withDefault(z.enum(['on', 'off']), 'off').describe(
      'on: addresses of the provider count as verified where it sends no email_verified; only for a provider in which nobody chooses their address.',
    ),
    OIDC_NAME: withDefault(z.string(), 'Single sign-on').describe('Name of the provider on the sign-in page.'),
  })
  .superRefine(checkTogether)

export type Environment = z.infer<typeof environmentSchema>

/** The configuration is wrong; the message lists every problem. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** @throws EnvironmentError naming every variable that is wrong, not only the first. */
export function parseEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const parsed = environmentSchema.safeParse(variables)
  if (parsed.success) return parsed.data
  const problems = fieldIssues(parsed.error).map(({ field, message }) => `  ${field}: ${message}`)
  throw new EnvironmentError(`the configuration is wrong:\n${problems.join('\n')}`)
}

/** The text of `.env.example`: every variable with what it is for and its default. */
export function environmentExample(): string {
  const defaults: Readonly<Record<string, string | number | readonly string[] | undefined>> = parseEnvironment({})
  const blocks = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const value = defaults[name]
    return `# ${schema.description ?? ''}\n${value === undefined ? `# ${name}=` : `${name}=${String(value)}`}\n`
  })
  return `# Copy to .env or set in the environment; everything here is optional.\n\n${blocks.join('\n')}`
}
