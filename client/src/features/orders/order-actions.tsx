import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import {
  CircleCheck,
  CirclePlay,
  Eye,
  Hand,
  MessageSquareText,
  Pause,
  UserPlus,
  XCircle,
  type LucideIcon,
} from 'lucide-react'
import { clsx } from 'clsx'
import { useRef, useState } from 'react'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useText } from '../../locales/use-text.ts'
import { useActOnOrder } from './api.ts'
import { AskForm, type Asking, type Send } from './ask-form.tsx'
import { CommentForm } from './comment-form.tsx'
import styles from './order-actions.module.css'

/** The actions that the user may apply to the order now. */
export function OrderActions({ order }: { readonly order: OrderDetail }) {
  const { t } = useText()
  const { actions, name } = useMe()
  const act = useActOnOrder(order, name)
  const [open, setOpen] = useState<Asking>()
  const comment = useRef<HTMLTextAreaElement>(null)
  const mayAct = actions.includes('orders.act')
  const mayManage = actions.includes('orders.manage')
  const isOpen = order.status === 'open'
  const isMine = order.owner === name
  const needsCare = order.overdue || order.stalled || order.atRisk
  const holding = order.held ? 'changeHold' : 'hold'
  const mayAcknowledge = mayAct && isOpen && needsCare && order.acknowledged === undefined
  const send: Send = (action, onDone) =>
    act.mutate(action, {
      onSuccess: () => {
        // Another form may be partially filled in.
        setOpen((asked) => (asked === action.action ? undefined : asked))
        onDone?.()
        notifyDone(t(`order.action.${action.action}.done`))
      },
    })
  const ask = (action: Asking) => () => {
    act.reset()
    setOpen(action)
  }
  const shortcut = (keys: string, action: 'acknowledge' | 'claim' | 'assign' | typeof holding, run: () => void) => [
    { keys, text: t(`order.action.${action}.button`), run },
  ]
  useShortcuts([
    ...(mayAct ? [{ keys: 'c', text: t('order.action.comment.send'), run: () => comment.current?.focus() }] : []),
    ...(mayAcknowledge ? shortcut('a', 'acknowledge', () => send({ action: 'acknowledge' })) : []),
    ...(mayAct && isOpen && !isMine ? shortcut('m', 'claim', () => send({ action: 'claim' })) : []),
    ...(mayManage && isOpen ? shortcut('r', 'assign', ask('assign')) : []),
    ...(mayAct && isOpen ? shortcut('h', holding, ask(holding)) : []),
  ])
  if (!mayAct) return null
  return (
    <section className={card['card']} data-print="none">
      <h2 className={card['title']}>{t('order.action.title')}</h2>
      {isOpen && (
        <div className={clsx(layout['row'], styles['buttons'])}>
          {mayAcknowledge && (
            <OnlineButton
              variant="default"
              leftSection={<Eye size={16} aria-hidden />}
              rightSection={<ShortcutHint keys="a" />}
              loading={act.isPending && act.variables.action === 'acknowledge'}
              onClick={() => send({ action: 'acknowledge' })}
            >
              {t('order.action.acknowledge.button')}
            </OnlineButton>
          )}
          {!isMine && (
            <OnlineButton
              variant={order.unclaimed ? 'filled' : 'default'}
              leftSection={<Hand size={16} aria-hidden />}
              rightSection={<ShortcutHint keys="m" />}
              loading={act.isPending && act.variables.action === 'claim'}
              onClick={() => send({ action: 'claim' })}
            >
              {t('order.action.claim.button')}
            </OnlineButton>
          )}
          {mayManage && <AskButton action="assign" icon={UserPlus} shortcut="r" onClick={ask('assign')} />}
          {order.held && (
            <OnlineButton
              variant="default"
              leftSection={<CirclePlay size={16} aria-hidden />}
              loading={act.isPending && act.variables.action === 'resume'}
              onClick={() => send({ action: 'resume' })}
            >
              {t('order.action.resume.button')}
            </OnlineButton>
          )}
          <AskButton action={holding} icon={Pause} shortcut="h" onClick={ask(holding)} />
          <AskButton action="explain" icon={MessageSquareText} onClick={ask('explain')} />
          {mayManage && <AskButton action="complete" icon={CircleCheck} onClick={ask('complete')} />}
          {mayManage && <AskButton action="cancel" icon={XCircle} onClick={ask('cancel')} />}
        </div>
      )}
      {open !== undefined && isOpen && open !== (order.held ? 'hold' : 'changeHold') && (
        <AskForm
          key={open}
          action={open}
          hold={open === 'changeHold' ? order : undefined}
          holdReasons={order.holdReasons}
          isBusy={act.isPending}
          onSend={send}
          onCancel={() => {
            act.reset()
            setOpen(undefined)
          }}
        />
      )}
      <ErrorAlert error={act.error} conflict={t('order.action.conflict')} />
      <hr className={styles['rule']} />
      <CommentForm order={order} isBusy={act.isPending} onSend={send} inputRef={comment} />
    </section>
  )
}

interface AskButtonProps {
  readonly action: Asking
  readonly icon: LucideIcon
  readonly shortcut?: string
  readonly onClick: () => void
}

function AskButton({ action, icon: Icon, shortcut, onClick }: AskButtonProps) {
  const { t } = useText()
  return (
    <OnlineButton
      variant="default"
      leftSection={<Icon size={16} aria-hidden />}
      rightSection={shortcut === undefined ? undefined : <ShortcutHint keys={shortcut} />}
      onClick={onClick}
    >
      {t(`order.action.${action}.button`)}
    </OnlineButton>
  )
}
