import { useIsFetching } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { useText } from '../../text/use-text.ts'
import { useHealth } from '../parts/use-health.ts'
import { ConnectionChip } from './connection-chip.tsx'
import { useMe } from './me-context.ts'
import { NoPermission } from './no-permission.tsx'
import { SiteSwitch } from './site-switch.tsx'

interface PageProps {
  readonly title: string
  /** Undefined: everybody who is signed in may see it. */
  readonly needs?: Action
  readonly children: ReactNode
}

/** The top bar and what is below it; without the right, only who has it. */
export function Page({ title, needs, children }: PageProps) {
  const { t } = useText()
  const { actions } = useMe()
  const isFetching = useIsFetching({ predicate: ({ queryKey }) => queryKey[0] !== 'health' }) > 0
  const isCut = useHealth() === 'unreachable'
  return (
    <>
      <title>{`${title} · Stagewatch`}</title>
      {isFetching && <div className="loading-bar" aria-hidden />}
      <header className="top-bar" data-floats>
        <h1 className="top-bar__title">{title}</h1>
        <ConnectionChip />
        <SiteSwitch />
      </header>
      {isCut && (
        <p className="cut-note" role="alert">
          {t('desk.cutNote')}
        </p>
      )}
      <main className="content" id="content">
        {needs === undefined || actions.includes(needs) ? children : <NoPermission action={needs} />}
      </main>
    </>
  )
}
