import { Button, Checkbox } from '@mantine/core'
import type { PairingAsked } from '@stagewatch/shared/contract/pairing.ts'
import { screenSettings, type Screen } from '@stagewatch/shared/contract/screen.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState } from 'react'
import { isApiError } from '../../api/request.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import button from '../../components/button.module.css'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText, useAgo } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { pairingQuery, screensQuery, useApprovePairing, useDenyPairing } from './api.ts'
import { ScreenForm, useScreenForm, type ScreenValues } from './screen-form.tsx'
import styles from './screens.module.css'

interface PairingProps {
  /** Eight letters. */
  readonly code: string
  readonly onOther: () => void
}

export function Pairing({ code, onOther }: PairingProps) {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery({ ...pairingQuery(site, code), refetchOnWindowFocus: false })
  const approve = useApprovePairing(code)
  const deny = useDenyPairing(code)
  const other = (
    <Button variant="default" onClick={onOther}>
      {t('pair.other')}
    </Button>
  )
  if (approve.isSuccess) return <Approved screen={approve.data} approvedAt={approve.submittedAt} />
  if (deny.isSuccess) {
    return (
      <EmptyState title={t('pair.denied')}>
        <p role="status">{t('pair.deniedText')}</p>
        {other}
      </EmptyState>
    )
  }
  if (isApiError(query.error, 'not_found') || isApiError(query.error, 'code_expired')) {
    return (
      <EmptyState title={t('pair.unknown')}>
        <p role="alert">{t('pair.unknownText')}</p>
        {other}
      </EmptyState>
    )
  }
  return (
    <QueryBoundary query={query}>
      {(asked) => (
        <ApprovalForm
          asked={asked}
          asOf={serverTime(query.dataUpdatedAt)}
          error={approve.error ?? deny.error}
          busy={approve.isPending ? 'approve' : deny.isPending ? 'deny' : undefined}
          onApprove={(body) => approve.mutate(body)}
          onDeny={() => deny.mutate()}
        />
      )}
    </QueryBoundary>
  )
}

interface ApprovalFormProps {
  readonly asked: PairingAsked
  /** Epoch ms. */
  readonly asOf: number
  readonly error: Error | null
  readonly busy: 'approve' | 'deny' | undefined
  readonly onApprove: (body: ScreenValues) => void
  readonly onDeny: () => void
}

/** The user has to confirm that the code is on a screen in front of them, because somebody may have sent it instead. */
function ApprovalForm(props: ApprovalFormProps) {
  const { asked, asOf, error, busy, onApprove, onDeny } = props
  const { t, language } = useText()
  const { departments } = useMe()
  const [isSeen, setSeen] = useState(false)
  // The defaults are the user's language and the departments that they may show.
  const state = useScreenForm({ name: '', settings: screenSettings.parse({ language, departments }) })
  return (
    <section className={card['card']}>
      <PairingRequest asked={asked} asOf={asOf} />
      <Form onSubmit={state.submit(onApprove)}>
        <div className={clsx(note['note'], note['warning'])}>
          <div>
            <p>{t('pair.warning')}</p>
            <Checkbox
              label={t('pair.seen')}
              checked={isSeen}
              onChange={({ currentTarget }) => setSeen(currentTarget.checked)}
            />
          </div>
        </div>
        <ScreenForm state={state} allowed={departments} />
        <ErrorAlert error={error} />
        {!isSeen && <p className={layout['meta']}>{t('pair.todo')}</p>}
        <div className={clsx(layout['row'], layout['wideRow'])}>
          <OnlineButton type="submit" disabled={!isSeen} loading={busy === 'approve'}>
            {t('pair.approve')}
          </OnlineButton>
          <OnlineButton variant="default" className={button['danger']} loading={busy === 'deny'} onClick={onDeny}>
            {t('pair.deny')}
          </OnlineButton>
        </div>
      </Form>
    </section>
  )
}

interface PairingRequestProps {
  readonly asked: PairingAsked
  /** Epoch ms. */
  readonly asOf: number
}

function PairingRequest({ asked, asOf }: PairingRequestProps) {
  const { t, language } = useText()
  const ago = useAgo()
  const { userCode, address, device, askedAt, expiresAt } = asked
  return (
    <>
      <h2 className={card['title']}>{t('pair.compare')}</h2>
      <p className={styles['code']}>{userCode}</p>
      <dl className={layout['pairs']}>
        <dt>{t('pair.device')}</dt>
        <dd className={layout['break']}>{device}</dd>
        <dt>{t('pair.address')}</dt>
        <dd>{address}</dd>
        <dt>{t('pair.asked')}</dt>
        <dd>{ago(askedAt, asOf)}</dd>
        <dt>{t('pair.expires')}</dt>
        <dd>{instantText(expiresAt, asOf, language)}</dd>
      </dl>
    </>
  )
}

const lookEveryMs = 2_000
/** The screen polls every five seconds, or less often when it was told to slow down. */
const comesWithinMs = 60_000

interface ApprovedProps {
  readonly screen: Screen
  /** Epoch ms by the device's clock. */
  readonly approvedAt: number
}

/** An approved screen is paired once it has used its token; until then it may not have received it. */
function Approved({ screen: { id, name }, approvedAt }: ApprovedProps) {
  const { t } = useText()
  const { site } = useMe()
  const { data, dataUpdatedAt } = useQuery({ ...screensQuery(site), refetchInterval: lookEveryMs })
  const isConfirmed = data?.screens.find((screen) => screen.id === id)?.confirmedAt !== undefined
  const state = isConfirmed ? 'approved' : dataUpdatedAt - approvedAt > comesWithinMs ? 'neverCame' : 'waiting'
  return (
    <EmptyState title={t(`pair.${state}`, { name })}>
      <p role="status">{t(`pair.${state}Text`)}</p>
      <Link to="/screens">{t('pair.toScreens')}</Link>
    </EmptyState>
  )
}
