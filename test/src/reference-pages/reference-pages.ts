import { environmentSchema, parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'

const generated = '<!-- Generated from the source: run `vitest run --project unit test/src/reference-pages -u`. -->'

/** `docs/reference/configuration.md`: every variable of the environment. */
export function configurationPage(): string {
  const defaults: Readonly<Record<string, string | number | readonly string[] | undefined>> = parseEnvironment({})
  const rows = Object.entries(environmentSchema.shape).map(([name, { description = '' }]) => {
    const value = defaults[name]
    return [`\`${name}\``, value === undefined ? '' : `\`${String(value)}\``, description]
  })
  return page(
    'Configuration',
    'Stagewatch reads its configuration from environment variables or from a file `.env` next to `package.json`. Every variable is optional; an empty one counts as not set. If the configuration is invalid, the server does not start and lists every problem. A change takes effect at the next start.',
    table(['variable', 'default', 'meaning'], rows),
    `Some variables have no effect without others: \`SMTP_URL\` needs \`MAIL_FROM\` and \`PUBLIC_URL\`; \`OIDC_ISSUER\` needs \`OIDC_CLIENT_ID\`, \`OIDC_CLIENT_SECRET\` and \`PUBLIC_URL\`. \`TZ\` sets the time zone of new sites.`,
    'See also [getting started](../getting-started.md#from-other-machines) for access from other machines, [people and sign-in](../operating/people-and-sign-in.md) for single sign-on, [metrics](../operating/metrics.md), [webhooks](../operating/webhooks.md) and [channels](../using/channels.md).',
  )
}

/** `docs/reference/commands.md`: the help of every command. */
export async function commandsPage(): Promise<string> {
  const overview = await helpOf([])
  const commands = await Promise.all(
    commandNames(overview).map(async (name) => `## ${name}\n\n${block(await helpOf([name]))}`),
  )
  return page(
    'Commands',
    'Commands run on the machine of the server: `npx pnpm@12 stagewatch COMMAND`, in the folder of Stagewatch. They use the running server if there is one, and otherwise open the database themselves. The exit code is 0 on success, 1 if the operation was refused or problems were found, and 2 for incorrect usage.',
    block(overview),
    ...commands,
  )
}

/** Names in the list of commands. */
export function commandNames(overview: string): string[] {
  return [...overview.matchAll(/^ {2}(\w+)  /gm)].flatMap(([, name]) => name ?? [])
}

/** The help of a command, as in a terminal; of all without a name. */
export async function helpOf(command: readonly [] | readonly [name: string]): Promise<string> {
  const lines: string[] = []
  await runCommand([...command, '--help'], {
    print: (line) => lines.push(line),
    note: (line) => lines.push(line),
    interactive: false,
    stopped: new AbortController().signal,
  })
  return lines.join('\n')
}

export function page(title: string, ...blocks: readonly string[]): string {
  return `${[`# ${title}`, generated, ...blocks].join('\n\n')}\n`
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function block(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``
}

export function code(text: string): string {
  return `\`${text}\``
}
