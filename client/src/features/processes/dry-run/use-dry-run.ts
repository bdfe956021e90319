import { dryRunLine, type DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import { problemCodes, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../../../api/request.ts'
import { requestLines } from '../../../api/request-lines.ts'
import { useMe } from '../../../api/session.ts'
import { pathOf } from '../api.ts'

export type DryRunState =
  | { readonly kind: 'idle' }
  /** `done` of `total` visits and orders are judged; undefined: nothing has come yet. */
  | { readonly kind: 'running'; readonly progress: { readonly done: number; readonly total: number } | undefined }
  | { readonly kind: 'failed'; readonly error: Error }
  | {
      readonly kind: 'done'
      readonly result: DryRunResult
      /** What was asked for: another draft has other figures. */
      readonly definition: ProcessDefinition
      readonly live: ProcessDefinition
      readonly days: number
      /** Code of the template whose sample was judged; undefined: the site's own orders were. */
      readonly sample: string | undefined
    }

/** Asks what would be if the process were like its draft; the figures of before stay until new ones are there. */
export function useDryRun() {
  const { site } = useMe()
  const [state, setState] = useState<DryRunState>({ kind: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const run = async (
    definition: ProcessDefinition,
    live: ProcessDefinition,
    days: number,
    sample: string | undefined,
  ): Promise<void> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setState({ kind: 'running', progress: undefined })
    try {
      const lines = requestLines({
        path: `${pathOf(definition.code)}/dry-run`,
        method: 'POST',
        body: { definition, days, wholePeriod: true, ...(sample !== undefined && { sample }) },
        response: dryRunLine,
        site,
        signal,
      })
      for await (const line of lines) {
        if (signal.aborted) return
        if ('problem' in line) throw new ApiError({ status: 200, code: knownCode(line.problem.code) })
        if ('result' in line) setState({ kind: 'done', result: line.result, definition, live, days, sample })
        else setState({ kind: 'running', progress: line.progress })
      }
      // Without a result the connection was cut in between.
      setState((last) =>
        last.kind === 'running' ? { kind: 'failed', error: new Error('the answer broke off') } : last,
      )
    } catch (error) {
      if (signal.aborted) return
      setState({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) })
    }
  }

  return {
    state,
    run: (...question: Parameters<typeof run>): void => void run(...question),
    cancel: (): void => {
      running.current?.abort()
      setState({ kind: 'idle' })
    },
  }
}

function knownCode(code: string): ProblemCode | undefined {
  return problemCodes.find((known) => known === code)
}
