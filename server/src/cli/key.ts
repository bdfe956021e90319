import { parseArgs } from 'node:util'
import type { KeyCreated, KeyRequest, KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { keyScopes } from '@stagewatch/shared/contract/admin.ts'
import { callServerApi } from './call-server-api.ts'
import type { Command } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'

export const keyCommand: Command = {
  name: 'key',
  summary: 'create an API key for a system that sends events or reads figures',
  help: `create --name NAME --scope SCOPE[,SCOPE] [--source SOURCE]…

  --name NAME           whose key it is
  --scope SCOPES        what it may do: ${keyScopes.join(', ')}; several with commas
  --source SOURCE       a source whose events it may send; repeatable, without it all
${siteHelp}

The key is printed once and stored only as a hash.

Examples:
  stagewatch key create --name ERP --scope ingest --source erp
  stagewatch key create --name "Power BI" --scope read`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...siteOptions,
        name: { type: 'string' },
        scope: { type: 'string' },
        source: { type: 'string', multiple: true },
      },
      allowPositionals: true,
    })
    if (positionals.join(' ') !== 'create') throw new UsageError('key has one command: create')
    if (!values.name) throw new UsageError('--name is missing')
    const { name, scope, source: sources } = values
    const body: KeyRequest = { name, scopes: readScopes(scope), ...(sources !== undefined && { sources }) }
    const request = { method: 'POST', path: '/api/v1/admin/keys', body } as const
    const { key } = await callServerApi<KeyCreated>(values.site, request, terminal, 'database')
    if (values.json) terminal.print(JSON.stringify({ key }))
    else {
      terminal.print(key)
      terminal.note('Keep it now: it is not shown again.')
    }
    return exitCode.done
  },
}

function readScopes(text: string | undefined): KeyScope[] {
  if (!text) throw new UsageError('--scope is missing')
  return text.split(',').map((word) => {
    const scope = keyScopes.find((known) => known === word.trim())
    if (scope === undefined) throw new UsageError(`${word} is no scope; there are ${keyScopes.join(', ')}`)
    return scope
  })
}
