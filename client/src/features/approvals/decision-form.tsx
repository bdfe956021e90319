import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { ApprovalActionRequest, ApprovalDetail } from '@stagewatch/shared/contract/approvals.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { approversQuery, useActOnApproval } from '../../api/approvals.ts'
import { useHealth } from '../../api/health.ts'
import { useMe } from '../../api/session.ts'
import button from '../../components/button.module.css'
import { useApproverName } from '../../components/approvals/approval-chain.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { OnlineButton } from '../../components/online-button.tsx'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './approvals-page.module.css'

/** The comment and the available actions; a rejection requires a comment. */
export function DecisionForm({ approval }: { readonly approval: ApprovalDetail }) {
  const { t } = useText()
  const [comment, setComment] = useState('')
  const [isMissing, setMissing] = useState(false)
  const [asking, setAsking] = useState<'add' | 'delegate'>()
  const act = useActOnApproval(approval.id)
  const isCut = useHealth() === 'unreachable'
  const said = comment.trim() === '' ? {} : { comment: comment.trim() }
  const approve = (): void => {
    if (approval.mayDecide && !act.isPending && !isCut) act.mutate({ action: 'approve', ...said })
  }
  const reject = (): void => {
    if (!approval.mayDecide || act.isPending || isCut) return
    if (said.comment === undefined) setMissing(true)
    else act.mutate({ action: 'reject', comment: said.comment })
  }
  useShortcuts([
    { keys: 'y', text: t('approvals.approve'), run: approve },
    { keys: 'n', text: t('approvals.reject'), run: reject },
  ])
  return (
    <div className={styles['decision']}>
      {approval.mayDecide && (
        <Textarea
          label={t('approvals.comment')}
          value={comment}
          maxLength={2_000}
          autosize
          minRows={2}
          error={isMissing && said.comment === undefined ? t('approvals.commentMissing') : undefined}
          onChange={({ currentTarget: { value } }) => setComment(value)}
        />
      )}
      <ErrorAlert error={act.error} conflict={t('approvals.conflict')} />
      <div className={styles['buttons']}>
        {approval.mayDecide && (
          <>
            <OnlineButton disabled={act.isPending} rightSection={<ShortcutHint keys="y" />} onClick={approve}>
              {t('approvals.approve')}
            </OnlineButton>
            <OnlineButton
              variant="default"
              className={button['danger']}
              disabled={act.isPending}
              rightSection={<ShortcutHint keys="n" />}
              onClick={reject}
            >
              {t('approvals.reject')}
            </OnlineButton>
            <OnlineButton variant="default" onClick={() => setAsking(asking === 'add' ? undefined : 'add')}>
              {t('approvals.add')}
            </OnlineButton>
          </>
        )}
        <OnlineButton variant="default" onClick={() => setAsking(asking === 'delegate' ? undefined : 'delegate')}>
          {t('approvals.delegate')}
        </OnlineButton>
      </div>
      {asking !== undefined && (
        <AskSomebody
          key={asking}
          approval={approval}
          kind={asking}
          isBusy={act.isPending}
          onAsk={(action) => act.mutate({ ...action, ...said }, { onSuccess: () => setAsking(undefined) })}
        />
      )}
      <p className={styles['meta']}>{t('approvals.recorded')}</p>
    </div>
  )
}

interface AskSomebodyProps {
  readonly approval: ApprovalDetail
  readonly kind: 'add' | 'delegate'
  readonly isBusy: boolean
  readonly onAsk: (action: Extract<ApprovalActionRequest, { action: 'add' | 'delegate' }>) => void
}

/** Picks the person to add as an approver or to delegate to. */
function AskSomebody({ approval, kind, isBusy, onAsk }: AskSomebodyProps) {
  const { t } = useText()
  const { site } = useMe()
  const [name, setName] = useState('')
  const [person, setPerson] = useState('')
  const approverName = useApproverName()
  const people = useQuery(approversQuery(site, approval.id, name.trim())).data?.people ?? []
  const chosen = people.some(({ id }) => id === person) ? person : (people[0]?.id ?? '')
  const current = approval.steps.find(({ status }) => status === 'current')?.approvers ?? []
  const places = current.flatMap((approver, place) => {
    const may = approver.isYours || (kind === 'delegate' && approval.mayHandOver.includes(place))
    return may ? [{ value: String(place), label: approverName(approver) }] : []
  })
  const [slot, setSlot] = useState(places[0]?.value ?? '')
  return (
    <div className={styles['asking']}>
      {kind === 'delegate' && places.length > 1 && (
        <NativeSelect
          label={t('approvals.insteadOf')}
          data={places}
          value={slot}
          onChange={({ currentTarget: { value } }) => setSlot(value)}
        />
      )}
      <TextInput
        label={t('approvals.findPerson')}
        value={name}
        maxLength={100}
        onChange={({ currentTarget: { value } }) => setName(value)}
      />
      <NativeSelect
        label={t(`approvals.person.${kind}`)}
        data={people.map(({ id, name: label }) => ({ value: id, label }))}
        value={chosen}
        onChange={({ currentTarget: { value } }) => setPerson(value)}
      />
      {people.length === 0 && <p className={styles['meta']}>{t('approvals.nobodyFound')}</p>}
      <OnlineButton
        disabled={chosen === '' || isBusy}
        onClick={() =>
          onAsk({ action: kind, person: chosen, ...(kind === 'delegate' && slot !== '' && { slot: Number(slot) }) })
        }
      >
        {t(`approvals.confirm.${kind}`)}
      </OnlineButton>
    </div>
  )
}
