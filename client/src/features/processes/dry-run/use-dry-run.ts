import type { WorkProgress } from '@stagewatch/shared/contract/answer-lines.ts'
import { dryRunResult, type DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useEffect, useRef, useState } from 'react'
import { requestAnswer } from '../../../api/request-answer.ts'
import { useMe } from '../../../api/session.ts'
import { pathOf } from '../api.ts'

export type DryRunState =
  | { readonly kind: 'idle' }
  /** `done` of `total` visits and orders have been evaluated. Undefined: no progress has been reported yet. */
  | { readonly kind: 'running'; readonly progress: WorkProgress | undefined }
  | { readonly kind: 'failed'; readonly error: Error }
  | {
      readonly kind: 'done'
      readonly result: DryRunResult
      /** The evaluated draft; the figures do not apply to any other. */
      readonly definition: ProcessDefinition
      readonly live: ProcessDefinition
      readonly days: number
      /** Code of the template whose sample was evaluated. Undefined: the site's own orders. */
      readonly sample: string | undefined
    }

/** Runs a dry run of a draft. The previous figures stay until the new ones are available. */
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
      const result = await requestAnswer(
        {
          path: `${pathOf(definition.code)}/dry-run`,
          method: 'POST',
          body: { definition, days, wholePeriod: true, ...(sample !== undefined && { sample }) },
          response: dryRunResult,
          site,
          signal,
        },
        (progress) => !signal.aborted && setState({ kind: 'running', progress }),
      )
      if (!signal.aborted) setState({ kind: 'done', result, definition, live, days, sample })
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
