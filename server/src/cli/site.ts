import { parseArgs } from 'node:util'
import type { OwnSite, SiteAdded, SiteList, SiteRequest } from '@stagewatch/shared/contract/sites.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { callServerApi } from './call-server-api.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'

export const siteCommand: Command = {
  name: 'site',
  summary: 'list, create, change and delete sites',
  help: `list
       stagewatch site create CODE [--name LANGUAGE=NAME]… [--timezone ZONE]
       stagewatch site set CODE --timezone ZONE
       stagewatch site delete CODE

  list                  the sites of the installation
  create                a new site, so that keys and people can be added to it
  set                   in which time zone the days of a site begin; its screens follow
  delete                a site that holds no events, with its keys, people, screens and rules

  --name LANGUAGE=NAME  how it is called in a language, as en=Works; once for each; by default its code
  --name-zh, --name-en  the same for Chinese and English
  --timezone ZONE       when its days begin, as Asia/Shanghai; by default that of the server
  --json                print the result as JSON, and nothing else`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        name: { type: 'string', multiple: true, default: [] },
        'name-zh': { type: 'string' },
        'name-en': { type: 'string' },
        timezone: { type: 'string' },
      },
      allowPositionals: true,
    })
    const [verb, code, ...rest] = positionals
    if (verb === 'list' && code === undefined) return list(terminal, values.json)
    if (code === undefined || rest.length > 0)
      throw new UsageError('site knows: list, create CODE, set CODE, delete CODE')
    if (verb === 'create') {
      const { 'name-zh': zh, 'name-en': en, timezone: timeZone } = values
      const name = {
        ...Object.fromEntries(values.name.map(nameOf)),
        ...(zh !== undefined && { zh }),
        ...(en !== undefined && { en }),
      }
      const body: SiteRequest = {
        code,
        ...(Object.keys(name).length > 0 && { name }),
        ...(timeZone !== undefined && { timeZone }),
      }
      const { created } = await callServerApi<SiteAdded>('main', { method: 'POST', path, body }, terminal, 'database')
      terminal.print(values.json ? JSON.stringify({ created }) : created ? `created ${code}` : `${code} was there`)
      return exitCode.done
    }
    if (verb === 'set') {
      if (values.timezone === undefined) throw new UsageError('site set needs --timezone ZONE')
      const request = {
        method: 'PUT',
        path: '/api/v1/site',
        body: { timeZone: values.timezone },
        version: '*',
      } as const
      const { timeZone } = await callServerApi<OwnSite>(code, request, terminal)
      terminal.print(values.json ? JSON.stringify({ timeZone }) : `the days of ${code} begin in ${timeZone}`)
      return exitCode.done
    }
    if (verb !== 'delete') throw new UsageError(`site cannot ${verb}`)
    await callServerApi('main', { method: 'DELETE', path: `${path}/${encodeURIComponent(code)}` }, terminal)
    terminal.print(values.json ? JSON.stringify({ deleted: code }) : `deleted ${code}`)
    return exitCode.done
  },
}

const path = '/api/v1/admin/sites'

/**
 * Parses language and name from `de=Werk Ost`.
 * @throws UsageError if either is missing.
 */
function nameOf(given: string): [language: string, name: string] {
  const [, language, name] = /^([^=]+)=(.+)$/.exec(given) ?? []
  if (language === undefined || name === undefined) throw new UsageError(`${given} is not LANGUAGE=NAME`)
  return [language, name]
}

async function list(terminal: Terminal, json: boolean) {
  const answer = await callServerApi<SiteList>('main', { method: 'GET', path }, terminal)
  if (json) terminal.print(JSON.stringify(answer))
  else
    for (const { code, name, timeZone } of answer.sites) terminal.print(`${code}  ${textIn(name, 'en')}  ${timeZone}`)
  return exitCode.done
}
