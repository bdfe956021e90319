import { parseArgs } from 'node:util'
import { problemCode } from '@stagewatch/shared/contract/problem.ts'
import type {
  QuarantineChoice,
  QuarantineDismissed,
  QuarantineList,
  QuarantineRetried,
} from '@stagewatch/shared/contract/quarantine.ts'
import { callServerApi } from './call-server-api.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'

export const quarantineCommand: Command = {
  name: 'quarantine',
  summary: 'list rejected events, resubmit or discard them',
  help: `list [--code CODE]
       stagewatch quarantine retry ID... | --all [--code CODE]
       stagewatch quarantine dismiss ID... | --all [--code CODE]

  list                  the newest 500 that were rejected, with the reason
  retry                 send them in again, when what was wrong has been put right
  dismiss               throw them away

  --all                 the oldest 1,000 instead of those that are named
  --code CODE           only those that were rejected for this reason, see docs/errors.md
${siteHelp}

Rejected events are kept for 30 days, and at most 10,000 of a site.`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...siteOptions, all: { type: 'boolean', default: false }, code: { type: 'string' } },
      allowPositionals: true,
    })
    const [verb, ...ids] = positionals
    const code = values.code === undefined ? undefined : problemCode.safeParse(values.code).data
    if (values.code !== undefined && code === undefined) throw new UsageError(`${values.code} is no code`)
    if (verb === 'list' && ids.length === 0) return list(values.site, code, values.json, terminal)
    if (verb !== 'retry' && verb !== 'dismiss') throw new UsageError('quarantine knows: list, retry, dismiss')
    const body = choiceOf(ids, values.all, code)
    const request = { method: 'POST', path: `/api/v1/quarantine/${verb}`, body } as const
    const answer = await callServerApi<QuarantineRetried | QuarantineDismissed>(values.site, request, terminal)
    const counts = Object.entries(answer).map(([what, count]) => `${count} ${what}`)
    terminal.print(values.json ? JSON.stringify(answer) : counts.join(', '))
    return exitCode.done
  },
}

function choiceOf(ids: readonly string[], all: boolean, code: QuarantineCode): QuarantineChoice {
  if (all !== (ids.length === 0)) throw new UsageError('name the events by their ids, or say --all')
  if (all) return { all, ...(code !== undefined && { code }) }
  if (code !== undefined) throw new UsageError('--code goes with --all')
  const numbers = ids.map(Number)
  if (!numbers.every((id) => Number.isSafeInteger(id) && id > 0)) throw new UsageError('an id is a number')
  return { ids: numbers }
}

async function list(site: string, code: QuarantineCode, json: boolean, terminal: Terminal) {
  const path = `/api/v1/quarantine?limit=500${code === undefined ? '' : `&code=${code}`}`
  const answer = await callServerApi<QuarantineList>(site, { method: 'GET', path }, terminal)
  if (json) terminal.print(JSON.stringify(answer))
  else {
    for (const { id, receivedAt, sender, code: reason, field, raw } of answer.events) {
      const where = field === undefined ? '' : ` ${field}`
      terminal.print(`${id}  ${new Date(receivedAt).toISOString()}  ${sender}  ${reason}${where}  ${raw.slice(0, 120)}`)
    }
    terminal.note(`${answer.events.length} of ${answer.total}`)
  }
  return exitCode.done
}

type QuarantineCode = ReturnType<typeof problemCode.parse> | undefined
