import type { WorkProgress } from '@stagewatch/shared/contract/answer-lines.ts'
import { erasurePreview } from '@stagewatch/shared/contract/erasures.ts'
import type { ErasureRequest } from '@stagewatch/shared/contract/erasures.ts'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Numbers of entries with a name. */
interface FoundEntries {
  readonly events: number
  /** How many of the events are in archives. */
  readonly archivedEvents: number
  readonly rows: number
}

/** Looks for a name, in as many requests as the archives take. */
export function usePreviewErasure() {
  const { site } = useMe()
  const [progress, setProgress] = useState<WorkProgress>()
  const look = (name: string, archivesAfter?: number) =>
    request({
      path: '/api/v1/erasures/preview',
      method: 'POST',
      body: { name, ...(archivesAfter !== undefined && { archivesAfter }) },
      response: erasurePreview,
      site,
    })
  const preview = useMutation({
    mutationFn: async ({ name }: ErasureRequest): Promise<FoundEntries> => {
      const first = await look(name)
      let { archives } = first
      let { events: archivedEvents = 0, rows: archivedRows = 0, searched = 0 } = archives ?? {}
      while (archives?.next !== undefined) {
        setProgress({ done: searched, total: searched + archives.left })
        ;({ archives } = await look(name, archives.next))
        archivedEvents += archives?.events ?? 0
        archivedRows += archives?.rows ?? 0
        searched += archives?.searched ?? 0
      }
      return { events: first.events + archivedEvents, archivedEvents, rows: first.rows + archivedRows }
    },
    onSettled: () => setProgress(undefined),
  })
  return { preview, progress }
}
