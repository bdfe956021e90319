import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { ConfigDifference, SiteConfigAnswer } from '@stagewatch/shared/contract/site-config.ts'
import { callServerApi, withServer } from './call-server-api.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'
import { readJsonFile } from './read-text-file.ts'

const path = '/api/v1/admin/config'

export const configCommand: Command = {
  name: 'config',
  summary: 'keep the configuration of a site as one file',
  help: `export [FILE.json]
       stagewatch config diff FILE.json
       stagewatch config apply FILE.json --reason TEXT [--version VERSION]

  export                the processes with all their versions, the calendars and which of them
                        count, departments (without people), skills, privacy, retention,
                        translations, alert rules, message texts, emails to customers, task
                        rules and shift handovers; printed, or written to the file. Channels
                        are not part of it, because they contain secrets.
                        The same configuration is the same text, so it can be kept in git
  diff                  what apply would change, a line for each field; exit code 1 when there
                        is a difference, 0 when there is none
  apply                 make the configuration what the file says, as a whole or not at all.
                        Processes, calendars and departments are not deleted: one that is left
                        out is refused, unless another department has its texts as aliases.
                        An alert rule that is left out is deleted if it has raised no alert.
                        A section that the file leaves out stays as it is

  --reason TEXT         why, for the record of changes
  --version VERSION     apply only if the stored version is still this one (see diff)
${siteHelp}

  For example, to review a change before it counts, and to take it back:

    stagewatch config export config.json && git commit -m 'As it was' config.json
    stagewatch config diff config.json
    stagewatch config apply config.json --reason 'Packing has six hours from now on'
    git checkout HEAD~ config.json && stagewatch config apply config.json --reason 'Too early'`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...siteOptions, reason: { type: 'string' }, version: { type: 'string' } },
      allowPositionals: true,
    })
    const [action, file, ...more] = positionals
    if (more.length > 0) throw new UsageError('name one file')
    if (action === 'export') return exportConfig(values.site, file, terminal)
    if (action !== 'diff' && action !== 'apply') {
      throw new UsageError('config has three commands: export, diff, apply')
    }
    if (file === undefined) throw new UsageError('name one file')
    if (action === 'diff') return diffConfig(file, values, terminal)
    if (values.reason === undefined) throw new UsageError('give the reason with --reason TEXT')
    return applyConfig(file, { ...values, reason: values.reason }, terminal)
  },
}

async function exportConfig(site: string, file: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const { config } = await callServerApi<SiteConfigAnswer>(site, { method: 'GET', path }, terminal)
  const text = JSON.stringify(config, undefined, 2)
  if (file === undefined) terminal.print(text)
  else await writeFile(file, `${text}\n`)
  return exitCode.done
}

async function diffConfig(
  file: string,
  { site, json }: { readonly site: string; readonly json: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const body = await readJsonFile(file)
  const request = { method: 'POST', path: `${path}/diff`, body } as const
  const difference = await callServerApi<ConfigDifference>(site, request, terminal)
  printDifference(difference, json, terminal)
  if (!json) terminal.note(`version ${difference.version}`)
  return difference.total === 0 ? exitCode.done : exitCode.problems
}

async function applyConfig(
  file: string,
  options: {
    readonly site: string
    readonly json: boolean
    readonly reason: string
    readonly version?: string | undefined
  },
  terminal: Terminal,
): Promise<ExitCode> {
  const { site, json, reason } = options
  const config = await readJsonFile(file)
  const applied = await withServer(
    site,
    terminal,
    async (ask) => {
      const version = options.version ?? (await ask<SiteConfigAnswer>({ method: 'GET', path })).version
      return ask<ConfigDifference>({ method: 'POST', path: `${path}/apply`, body: { config, reason }, version })
    },
    'site',
  )
  printDifference(applied, json, terminal)
  return exitCode.done
}

function printDifference(difference: ConfigDifference, json: boolean, terminal: Terminal): void {
  if (json) {
    terminal.print(JSON.stringify(difference))
    return
  }
  const { fields, total } = difference
  for (const { path: names, before, after } of fields) {
    terminal.print(`${names.join('.')}: ${textOf(before)} → ${textOf(after)}`)
  }
  if (total > fields.length) terminal.print(`and ${total - fields.length} more`)
  if (total === 0) terminal.note('no difference')
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
