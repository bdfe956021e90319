import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type {
  ArchiveCancelled,
  ArchiveRestored,
  ArchiveRun,
  ArchivesAnswer,
} from '@stagewatch/shared/contract/retention.ts'
import { plural } from '../platform/english-text.ts'
import { callServerApi, withServer } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import { megabytes } from './backup.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'

const lookEveryMs = 500

export const archiveCommand: Command = {
  name: 'archive',
  summary: 'archive the events of orders that ended long ago, or bring them back',
  help: `list [OPTIONS]
       stagewatch archive run [OPTIONS]
       stagewatch archive restore ORDER | --archive NAME [OPTIONS]

  list                  the archives of a site, newest first, and the last run
  run                   archive now what the retention of the site allows; Ctrl-C ends it after the
                        orders that it is working on, and what is archived stays so
  restore               bring the events of an order, or of all orders of an archive, back into the
                        log, from which they are not removed again for 30 days

  --archive NAME        all orders of this archive
${siteHelp}

A site archives by itself, once a day, when that is set on the page "Privacy".`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...siteOptions, archive: { type: 'string' } },
      allowPositionals: true,
    })
    const [verb, ...named] = positionals
    if (verb === 'restore') return restore(values.site, restoreChoice(named, values.archive), values.json, terminal)
    if (named.length > 0 || values.archive !== undefined || (verb !== 'list' && verb !== 'run'))
      throw new UsageError('archive knows: list, run, restore ORDER, restore --archive NAME')
    if (verb === 'list') return list(values.site, values.json, terminal)
    return withServer(values.site, terminal, (ask) => runNow(ask, values.json, terminal))
  },
}

function restoreChoice(named: readonly string[], archive: string | undefined) {
  const [order] = named
  if (named.length > 1 || (order === undefined) === (archive === undefined))
    throw new UsageError('restore takes the number of an order, or --archive with a name')
  return order === undefined ? { archive } : { order }
}

async function list(site: string, isJson: boolean, terminal: Terminal): Promise<ExitCode> {
  return withServer(site, terminal, async (ask) => {
    let cursor: string | undefined
    do {
      const page = cursor === undefined ? '' : `&cursor=${cursor}`
      const answer = await ask<ArchivesAnswer>({ method: 'GET', path: `/api/v1/archives?limit=200${page}` })
      if (isJson) terminal.print(JSON.stringify(answer))
      else printPage(answer, cursor === undefined, terminal)
      ;({ cursor } = answer)
    } while (cursor !== undefined && !terminal.stopped.aborted)
    return exitCode.done
  })
}

function printPage({ archives, totals, run }: ArchivesAnswer, isFirst: boolean, terminal: Terminal): void {
  for (const { name, orders, events, restoredOrders, bytes } of archives) {
    const restored = restoredOrders === 0 ? '' : `, ${restoredOrders} of them restored`
    terminal.print(`${name}  ${plural(orders, 'order')}${restored}, ${plural(events, 'event')}, ${megabytes(bytes)} MB`)
  }
  if (!isFirst) return
  terminal.note(
    `${plural(totals.archives, 'archive')}, ${plural(totals.orders, 'order')}, ${plural(totals.events, 'event')}, ${megabytes(totals.bytes)} MB`,
  )
  terminal.note(run === undefined ? 'there was no run yet' : `last run: ${runText(run)}`)
}

async function runNow(ask: AskServer, isJson: boolean, terminal: Terminal): Promise<ExitCode> {
  let run = await ask<ArchiveRun>({ method: 'POST', path: '/api/v1/archives/run', body: {} })
  let isCancelled = false
  let shown = ''
  while (run.state === 'running') {
    await sleep(lookEveryMs, undefined, isCancelled ? {} : { signal: terminal.stopped }).catch(() => undefined)
    if (terminal.stopped.aborted && !isCancelled) {
      isCancelled = true
      await ask<ArchiveCancelled>({ method: 'DELETE', path: '/api/v1/archives/run' })
    }
    const answer = await ask<ArchivesAnswer>({ method: 'GET', path: '/api/v1/archives?limit=1' })
    run = answer.run ?? run
    const text = `archived ${plural(run.orders, 'order')} with ${plural(run.events, 'event')}`
    if (text !== shown && !isJson) terminal.note(text)
    shown = text
  }
  terminal.print(isJson ? JSON.stringify(run) : runText(run))
  return run.state === 'done' || run.state === 'continues' ? exitCode.done : exitCode.problems
}

const stateTexts: Readonly<Record<ArchiveRun['state'], string>> = {
  running: 'under way',
  done: 'done',
  continues: 'out of time, the rest follows within the hour',
  cancelled: 'cancelled',
  failed: 'failed',
  lost: 'broken off, it is repeated within the hour',
}

function runText({ state, orders, events, failure }: ArchiveRun): string {
  const reason = failure === undefined ? '' : ` (${failure}): stagewatch doctor tells more`
  return `${plural(orders, 'order')} with ${plural(events, 'event')}; ${stateTexts[state]}${reason}`
}

async function restore(site: string, body: object, isJson: boolean, terminal: Terminal): Promise<ExitCode> {
  const request = { method: 'POST', path: '/api/v1/archives/restore', body } as const
  const answer = await callServerApi<ArchiveRestored>(site, request, terminal)
  const { orders, events, accepted } = answer
  const waiting = accepted === 0 ? '' : `; accepted ${plural(accepted, 'event')} that waited for them`
  terminal.print(
    isJson ? JSON.stringify(answer) : `restored ${plural(orders, 'order')} with ${plural(events, 'event')}${waiting}`,
  )
  return exitCode.done
}
