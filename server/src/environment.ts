import { postgresqlHosts } from '@stagewatch/db/postgresql-hosts.ts'
import { z } from 'zod'

const absent = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(absent, schema.optional())
const withDefault = <T extends z.ZodType>(schema: T, value: string) =>
  z.preprocess((given) => absent(given) ?? value, schema)

function checkDatabaseUrl(url: string, context: z.RefinementCtx): void {
  try {
    postgresqlHosts(url)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is no database URL' })
  }
}

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
    HOST: withDefault(z.string(), '127.0.0.1').describe('Address to listen on.'),
    PORT: withDefault(z.coerce.number().int().min(0).max(65_535), '4000').describe(
      'Port to listen on; 0 takes a free one.',
    ),
    PUBLIC_URL: optional(z.url()).describe('Address under which people and screens reach the server.'),
    DATABASE_URL: optional(z.string().superRefine(checkDatabaseUrl)).describe(
      'PostgreSQL 15 or newer, also several hosts of one; without it an embedded database in DATA_DIR is used.',
    ),
    DATA_DIR: withDefault(z.string(), './data').describe('Folder of the embedded database.'),
    DEMO: withDefault(z.enum(['on', 'off']), 'on').describe('Sample factory on an empty embedded database: on or off.'),
    LOG_LEVEL: withDefault(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info').describe(
      'Least severe log line that is written.',
    ),
    MEMORY_VISITS: withDefault(z.coerce.number().int().min(1_000), '10000000').describe(
      'Finished visits of a site that are kept in memory, the most recent ones; older ones are answered from the database.',
    ),
    METRICS_TOKEN: optional(z.string().min(16)).describe('What Prometheus shows at /metrics; at least 16 characters.'),
    AUTH_SECRET: optional(z.string().min(32)).describe(
      'What signs the cookies of people, at least 32 characters; without it a random one is kept in the database.',
    ),
    SMTP_URL: optional(z.url({ protocol: /^smtps?$/ })).describe(
      'Mail server for invitations and forgotten passwords, smtp://user:password@host:587; without it links are handed on by hand.',
    ),
    MAIL_FROM: optional(z.string()).describe('Sender of mail, for example Stagewatch <stagewatch@example.com>.'),
    OIDC_ISSUER: optional(z.url({ protocol: /^https?$/ })).describe(
      'OpenID Connect provider for single sign-on; its client gets the redirect URI PUBLIC_URL/api/auth/callback/oidc.',
    ),
    OIDC_CLIENT_ID: optional(z.string()).describe('Client of this server at the provider.'),
    OIDC_CLIENT_SECRET: optional(z.string()).describe('Secret of that client.'),
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
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new EnvironmentError(`the configuration is wrong:\n${problems.join('\n')}`)
}

/** The text of `.env.example`: every variable with what it is for and its default. */
export function environmentExample(): string {
  const defaults: Readonly<Record<string, string | number | undefined>> = parseEnvironment({})
  const blocks = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const value = defaults[name]
    return `# ${schema.description ?? ''}\n${value === undefined ? `# ${name}=` : `${name}=${value}`}\n`
  })
  return `# Copy to .env or set in the environment; everything here is optional.\n\n${blocks.join('\n')}`
}
