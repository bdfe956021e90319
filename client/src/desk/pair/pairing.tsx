import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { approvePairing } from '../api/approve-pairing.ts'
import { denyPairing } from '../api/deny-pairing.ts'
import { pairingQuery } from '../api/pairing.ts'
import { isRefusal } from '../api/refused.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useMe } from '../shell/me-context.ts'
import { ApprovalForm } from './approval-form.tsx'

interface PairingProps {
  /** Eight letters. */
  readonly code: string
  readonly onOther: () => void
}

export function Pairing({ code, onOther }: PairingProps) {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery({ ...pairingQuery(site, code), refetchOnWindowFocus: false })
  const [name, setName] = useState('')
  const approve = useMutation({
    mutationFn: (settings: ScreenSettings) => approvePairing(site, code, { name: name.trim(), settings }),
  })
  const deny = useMutation({ mutationFn: () => denyPairing(site, code) })
  const other = (
    <Button variant="default" onClick={onOther}>
      {t('desk.pair.other')}
    </Button>
  )
  if (approve.isSuccess) {
    return (
      <EmptyState title={t('desk.pair.approved', { name })}>
        <p role="status">{t('desk.pair.approvedText')}</p>
        <Link to="/screens">{t('desk.pair.toScreens')}</Link>
      </EmptyState>
    )
  }
  if (deny.isSuccess) {
    return (
      <EmptyState title={t('desk.pair.denied')}>
        <p role="status">{t('desk.pair.deniedText')}</p>
        {other}
      </EmptyState>
    )
  }
  if (isRefusal(query.error, 'not_found') || isRefusal(query.error, 'code_expired')) {
    return (
      <EmptyState title={t('desk.pair.unknown')}>
        <p role="alert">{t('desk.pair.unknownText')}</p>
        {other}
      </EmptyState>
    )
  }
  return (
    <Loaded query={query}>
      {(asked) => (
        <ApprovalForm
          asked={asked}
          asOf={query.dataUpdatedAt}
          name={name}
          onName={setName}
          error={approve.error ?? deny.error}
          busy={approve.isPending ? 'approve' : deny.isPending ? 'deny' : undefined}
          onApprove={approve.mutate}
          onDeny={() => deny.mutate()}
        />
      )}
    </Loaded>
  )
}
