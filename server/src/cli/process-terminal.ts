import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import { AppError } from '../platform/app-error.ts'
import { stagewatchCommand } from '../platform/command-names.ts'
import { shellWord } from '../platform/command-settings.ts'
import { withServer } from './call-server-api.ts'
import type { ExitCode, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'

/** A command line to paste into a shell. */
export function terminalCommand(stage: string, process: string, site: string): string {
  const options = [
    ...(process === 'default' ? [] : ['--process', process]),
    ...(site === 'main' ? [] : ['--site', site]),
  ]
  return `${stagewatchCommand} process terminal ${[stage, ...options].map(shellWord).join(' ')}`
}

/** Makes stages of a process terminal, which also ends orders that reached them earlier. */
export async function setTerminal(
  stages: readonly string[],
  { site, json, process }: { readonly site: string; readonly json: boolean; readonly process?: string | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  if (stages.length === 0) throw new UsageError('name the stages that end an order')
  const code = await withServer(site, terminal, async (ask) => {
    const { processes, histories, defaultProcess } = await ask<ProcessList>({
      method: 'GET',
      path: '/api/v1/admin/processes',
    })
    const wanted = process ?? defaultProcess ?? 'default'
    const known = processes.find((one) => one.code === wanted)
    if (known === undefined) throw new AppError('unknown_process', `the site has no process ${wanted}`)
    const codes = known.stages.map((stage) => stage.code)
    const unknown = stages.filter((stage) => !codes.includes(stage))
    if (unknown.length > 0)
      throw new AppError(
        'unknown_stage',
        `process ${wanted} has no stage ${unknown.join(', ')}; it has: ${codes.join(', ')}`,
      )
    const ending = known.stages.map((stage) => (stages.includes(stage.code) ? { ...stage, terminal: true } : stage))
    const version = histories.find((one) => one.process === wanted)?.version
    const path = `/api/v1/admin/processes/${encodeURIComponent(wanted)}`
    await ask({ method: 'PUT', path, body: { ...known, stages: ending }, version })
    return wanted
  })
  terminal.print(
    json
      ? JSON.stringify({ process: code, terminal: stages })
      : `orders of process ${code} end in ${stages.join(', ')}`,
  )
  return exitCode.done
}
