import { parseArgs } from 'node:util'
import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import { instantOf } from '@stagewatch/shared/domain/rfc3339.ts'
import { plural } from '../platform/english-text.ts'
import { callServerApi, withServer } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'
import { setTerminal } from './process-terminal.ts'
import { readCodedFile } from './read-text-file.ts'

export const processCommand: Command = {
  name: 'process',
  summary: 'list and set processes: stages, targets, goals',
  help: `list
       stagewatch process set FILE.json [--valid-from TIME] [--version VERSION]
       stagewatch process terminal STAGE... [--process CODE]

  list                  the processes with their versions; --json prints them whole
  terminal              these stages end an order, also those orders that have arrived there
                        before, for example: stagewatch process terminal delivered cancelled
  set                   create a process, or correct the version that is valid now

  --valid-from TIME     add a version that begins then, such as 2027-01-01T00:00:00+08:00;
                        what began before is judged by the version of that time
  --version VERSION     set only if the stored version is still this one (see list)
${siteHelp}`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...siteOptions,
        process: { type: 'string' },
        'valid-from': { type: 'string' },
        version: { type: 'string' },
      },
      allowPositionals: true,
    })
    const [action, path, ...more] = positionals
    if (action === 'terminal') return setTerminal(positionals.slice(1), values, terminal)
    const { site, json, 'valid-from': validFrom, version } = values
    if (action === 'list') {
      if (path !== undefined) throw new UsageError('process list takes no name')
      return listProcesses(site, json, terminal)
    }
    if (action !== 'set') throw new UsageError('process has three commands: list, set, terminal')
    if (path === undefined || more.length > 0) throw new UsageError('name one file')
    if (validFrom !== undefined && instantOf(validFrom) === undefined) {
      throw new UsageError('--valid-from takes a time such as 2027-01-01T00:00:00+08:00')
    }
    return setProcess(path, { site, json, validFrom, version }, terminal)
  },
}

async function listProcesses(site: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const list = await callServerApi<ProcessList>(site, { method: 'GET', path: '/api/v1/admin/processes' }, terminal)
  if (json) {
    terminal.print(JSON.stringify(list))
    return exitCode.done
  }
  for (const { process, versions, version } of list.histories) {
    const name = process === list.defaultProcess ? `${process} (of orders that name none)` : process
    terminal.print(`${name}; version ${version}`)
    for (const { validFrom, definition } of versions) {
      const since = validFrom === undefined ? 'from the beginning' : `from ${new Date(validFrom).toISOString()}`
      const limited = definition.stages.filter(({ targetMs }) => targetMs !== undefined).length
      terminal.print(`  ${since}: ${plural(definition.stages.length, 'stage')}, ${limited} with a target`)
    }
  }
  return exitCode.done
}

async function setProcess(
  path: string,
  options: {
    readonly site: string
    readonly json: boolean
    readonly validFrom: string | undefined
    readonly version: string | undefined
  },
  terminal: Terminal,
): Promise<ExitCode> {
  const { site, json, validFrom, version } = options
  const body = await readCodedFile(path)
  const query = validFrom === undefined ? '' : `?${new URLSearchParams({ validFrom }).toString()}`
  const address = `/api/v1/admin/processes/${encodeURIComponent(body.code)}${query}`
  const save = async (ask: AskServer) => {
    const { histories } = await ask<ProcessList>({ method: 'GET', path: '/api/v1/admin/processes' })
    const known = histories.find(({ process }) => process === body.code)
    return ask({ method: 'PUT', path: address, body, version: version ?? known?.version })
  }
  const saved = await withServer(site, terminal, save, 'site')
  terminal.print(json ? JSON.stringify(saved) : `process ${body.code} is set${validFrom ? ` from ${validFrom}` : ''}`)
  return exitCode.done
}
