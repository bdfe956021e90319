import { environmentSchema, parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { chineseVariables } from './chinese-variables.ts'

const generated = '<!-- Generated from the source: run `vitest run --project unit test/src/reference-pages -u`. -->'

/** `docs/reference/configuration.md`: every variable of the environment. */
export function configurationPage(): string {
  const rows = variables().map(({ name, value, description }) => [code(name), value, description])
  return page(
    'Configuration',
    '[中文](configuration.zh-CN.md)',
    'Stagewatch reads its configuration from environment variables or from a file `.env` next to `package.json`. Every variable is optional; an empty one counts as not set. If the configuration is invalid, the server does not start and lists every problem. A change takes effect at the next start.',
    table(['variable', 'default', 'meaning'], rows),
    `Some variables have no effect without others: \`SMTP_URL\` needs \`MAIL_FROM\` and \`PUBLIC_URL\`; \`OIDC_ISSUER\` needs \`OIDC_CLIENT_ID\`, \`OIDC_CLIENT_SECRET\` and \`PUBLIC_URL\`. \`TZ\` sets the time zone of new sites.`,
    'See also [getting started](../getting-started.md#from-other-machines) for access from other machines, [people and sign-in](../operating/people-and-sign-in.md) for single sign-on, [metrics](../operating/metrics.md), [webhooks](../operating/webhooks.md) and [channels](../using/channels.md).',
  )
}

/** `docs/reference/configuration.zh-CN.md`. */
export function chineseConfigurationPage(): string {
  const rows = variables().map(({ name, value }) => [code(name), value, chineseVariables[name]])
  return page(
    '配置',
    '[English](configuration.md)',
    'Stagewatch 的配置来自环境变量，或者 `package.json` 旁边的 `.env` 文件。所有变量都可以不设；设为空等于没设。配置有误时服务器不启动，并一次列出所有问题。改动在下次启动时生效。',
    table(['变量', '默认值', '含义'], rows),
    `有些变量要与其他变量一起设置才有效：\`SMTP_URL\` 需要 \`MAIL_FROM\` 和 \`PUBLIC_URL\`；\`OIDC_ISSUER\` 需要 \`OIDC_CLIENT_ID\`、\`OIDC_CLIENT_SECRET\` 和 \`PUBLIC_URL\`。新厂区的时区由 \`TZ\` 决定，例如 \`TZ=Asia/Shanghai\`；之后用 \`stagewatch site set\` 修改。`,
    '从其他机器访问见[入门](../getting-started.zh-CN.md)，单点登录见[人员与登录](../operating/people-and-sign-in.zh-CN.md)，另见[指标](../operating/metrics.zh-CN.md)、[Webhook](../operating/webhooks.zh-CN.md)和[通知渠道](../using/channels.zh-CN.md)。',
  )
}

interface Variable {
  readonly name: keyof typeof environmentSchema.shape
  /** The default, as it is shown. */
  readonly value: string
  readonly description: string
}

function variables(): Variable[] {
  const defaults: Readonly<Record<string, string | number | readonly string[] | undefined>> = parseEnvironment({})
  return environmentSchema.keyof().options.map((name) => {
    const { description = '' } = environmentSchema.shape[name]
    return { name, value: defaults[name] === undefined ? '' : code(String(defaults[name])), description }
  })
}

/** `docs/reference/commands.md`: the help of every command. */
export async function commandsPage(): Promise<string> {
  const overview = await helpOf([])
  const commands = await Promise.all(
    commandNames(overview).map(async (name) => `## ${name}\n\n${block(await helpOf([name]))}`),
  )
  return page(
    'Commands',
    '[中文](commands.zh-CN.md)',
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
