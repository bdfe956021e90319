import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Selection } from './process-context.ts'

export type Panel = 'process' | 'history' | 'compare' | 'release' | 'templates'

/** The open panel and the selection of the process page, stored in the URL. */
export function usePanel() {
  const { stage, path, panel } = useSearch({ from: '/shell/processes/$process' })
  const navigate = useNavigate({ from: '/processes/$process' })
  const hasChosen = stage !== undefined || path !== undefined
  return {
    selected: { stage, path } satisfies Selection,
    panel,
    open: (next: Panel | undefined): void =>
      void navigate({
        search: ({ site, ...search }) =>
          next === 'process' ? { site, panel: next } : { site, ...search, panel: next },
        resetScroll: false,
      }),
    select: (next: Selection): void =>
      void navigate({
        search: ({ site }) => ({ site, stage: next.stage, path: next.path }),
        // Moving between stages adds only one entry to the browser history.
        replace: hasChosen,
        resetScroll: false,
      }),
  }
}
