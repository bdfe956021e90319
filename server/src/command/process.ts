import { parseArgs } from 'node:util'
import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import { instantOf } from '@stagewatch/shared/domain/rfc3339.ts'
import { askServer } from './ask-server.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'
import { readCodedFile } from './read-text-file.ts'

export const processCommand: Command = {
  name: 'process',
  summary: 'list and set processes: stages, targets, goals',
  help: `list
       stagewatch process set FILE.json [--valid-from TIME]

  list                  the processes with their versions; --json prints them whole
  set                   create a process, or correct the version that is valid now

  --valid-from TIME     add a version that begins then, such as 2027-01-01T00:00:00+08:00;
                        what began before is judged by the version of that time
${siteHelp}`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...siteOptions, 'valid-from': { type: 'string' } },
      allowPositionals: true,
    })
    const [action, path, ...more] = positionals
    const { site, json, 'valid-from': validFrom } = values
    if (action === 'list') {
      if (path !== undefined) throw new UsageError('process list takes no name')
      return listProcesses(site, json, terminal)
    }
    if (action !== 'set') throw new UsageError('process knows two things to do: list, set')
    if (path === undefined || more.length > 0) throw new UsageError('name one file')
    if (validFrom !== undefined && instantOf(validFrom) === undefined) {
      throw new UsageError('--valid-from takes a time such as 2027-01-01T00:00:00+08:00')
    }
    return setProcess(path, { site, json, validFrom }, terminal)
  },
}

async function listProcesses(site: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const list = await askServer<ProcessList>(site, { method: 'GET', path: '/api/v1/admin/processes' }, terminal)
  if (json) {
    terminal.print(JSON.stringify(list))
    return exitCode.done
  }
  for (const { process, versions } of list.histories) {
    terminal.print(process === list.defaultProcess ? `${process} (of orders that name none)` : process)
    for (const { validFrom, definition } of versions) {
      const since = validFrom === undefined ? 'from the beginning' : `from ${new Date(validFrom).toISOString()}`
      const limited = definition.stages.filter(({ targetMs }) => targetMs !== undefined).length
      terminal.print(`  ${since}: ${definition.stages.length} stages, ${limited} with a target`)
    }
  }
  return exitCode.done
}

async function setProcess(
  path: string,
  options: { readonly site: string; readonly json: boolean; readonly validFrom: string | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  const { site, json, validFrom } = options
  const body = await readCodedFile(path)
  const query = validFrom === undefined ? '' : `?${new URLSearchParams({ validFrom }).toString()}`
  const address = `/api/v1/admin/processes/${encodeURIComponent(body.code)}${query}`
  const saved = await askServer(site, { method: 'PUT', path: address, body }, terminal)
  terminal.print(json ? JSON.stringify(saved) : `process ${body.code} is set${validFrom ? ` from ${validFrom}` : ''}`)
  return exitCode.done
}
