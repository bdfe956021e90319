import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { maxCommentLength, type OrderAction } from '@stagewatch/shared/contract/order-action.ts'
import { Textarea, TextInput } from '@mantine/core'
import {
  CircleCheck,
  CirclePlay,
  Hand,
  MessageSquareText,
  Pause,
  UserPlus,
  XCircle,
  type LucideIcon,
} from 'lucide-react'
import { useRef, useState, type RefObject } from 'react'
import { z } from 'zod'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons } from '../../components/form/form-buttons.tsx'
import { focusWhenShown, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useText } from '../../locales/use-text.ts'
import { useActOnOrder } from './api.ts'
import styles from './order-actions.module.css'

const maxWords = 200
const words = z.object({ words: z.string().trim().min(1).max(maxWords) })
const optionalWords = z.object({ words: z.string().trim().max(maxWords) })
const commentWords = z.object({ words: z.string().trim().min(1).max(maxCommentLength) })

/** Those that ask for some words first: a name, or why. */
type Asking = 'assign' | 'explain' | 'hold' | 'complete' | 'cancel'

/** @param onDone called when the server has done it. */
type Send = (action: OrderAction, onDone?: () => void) => void

/** What the person may do to the order now. */
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
  const send: Send = (action, onDone) =>
    act.mutate(action, {
      onSuccess: () => {
        // Another question may be half answered.
        setOpen((asked) => (asked === action.action ? undefined : asked))
        onDone?.()
        notifyDone(t(`order.action.${action.action}.done`))
      },
    })
  const ask = (action: Asking) => () => {
    act.reset()
    setOpen(action)
  }
  const shortcut = (keys: string, action: 'claim' | 'assign' | 'hold', run: () => void) => [
    { keys, text: t(`order.action.${action}.button`), run },
  ]
  useShortcuts([
    ...(mayAct ? [{ keys: 'c', text: t('order.action.comment.send'), run: () => comment.current?.focus() }] : []),
    ...(mayAct && isOpen && !isMine ? shortcut('a', 'claim', () => send({ action: 'claim' })) : []),
    ...(mayManage && isOpen ? shortcut('r', 'assign', ask('assign')) : []),
    ...(mayAct && isOpen && !order.held ? shortcut('h', 'hold', ask('hold')) : []),
  ])
  if (!mayAct) return null
  return (
    <section className={card['card']} data-print="none">
      <h2 className={card['title']}>{t('order.action.title')}</h2>
      {isOpen && (
        <div className={layout['row']}>
          {!isMine && (
            <OnlineButton
              variant={order.unclaimed ? 'filled' : 'default'}
              leftSection={<Hand size={16} aria-hidden />}
              rightSection={<ShortcutHint keys="a" />}
              loading={act.isPending && act.variables.action === 'claim'}
              onClick={() => send({ action: 'claim' })}
            >
              {t('order.action.claim.button')}
            </OnlineButton>
          )}
          {mayManage && <AskButton action="assign" icon={UserPlus} shortcut="r" onClick={ask('assign')} />}
          {order.held ? (
            <OnlineButton
              variant="default"
              leftSection={<CirclePlay size={16} aria-hidden />}
              loading={act.isPending && act.variables.action === 'resume'}
              onClick={() => send({ action: 'resume' })}
            >
              {t('order.action.resume.button')}
            </OnlineButton>
          ) : (
            <AskButton action="hold" icon={Pause} shortcut="h" onClick={ask('hold')} />
          )}
          <AskButton action="explain" icon={MessageSquareText} onClick={ask('explain')} />
          {mayManage && <AskButton action="complete" icon={CircleCheck} onClick={ask('complete')} />}
          {mayManage && <AskButton action="cancel" icon={XCircle} onClick={ask('cancel')} />}
        </div>
      )}
      {open !== undefined && isOpen && (
        <AskForm
          key={open}
          action={open}
          isBusy={act.isPending}
          onSend={send}
          onCancel={() => {
            act.reset()
            setOpen(undefined)
          }}
        />
      )}
      <ErrorAlert error={act.error} />
      <hr className={styles['rule']} />
      <CommentForm isBusy={act.isPending} onSend={send} inputRef={comment} />
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

interface AskFormProps {
  readonly action: Asking
  readonly isBusy: boolean
  readonly onSend: Send
  readonly onCancel: () => void
}

/** Asks in its own place, so that the order stays in sight. */
function AskForm({ action, isBusy, onSend, onCancel }: AskFormProps) {
  const { t } = useText()
  const { field, submit } = useSchemaForm(action === 'complete' ? optionalWords : words, { words: '' })
  return (
    <Form onSubmit={submit((said) => onSend(actionOf(action, said.words)))}>
      <p className={layout['meta']}>{t(`order.action.${action}.effect`)}</p>
      <TextInput
        {...field('words')}
        label={t(`order.action.${action}.field`)}
        ref={focusWhenShown}
        maxLength={maxWords}
        onKeyDown={({ key }) => key === 'Escape' && onCancel()}
      />
      <FormButtons submit={t(`order.action.${action}.send`)} isBusy={isBusy} onCancel={onCancel} />
    </Form>
  )
}

function actionOf(action: Asking, said: string): OrderAction {
  if (action === 'assign') return { action, owner: said }
  if (action === 'complete') return { action, ...(said !== '' && { reason: said }) }
  return { action, reason: said }
}

interface CommentFormProps {
  readonly isBusy: boolean
  readonly onSend: Send
  readonly inputRef: RefObject<HTMLTextAreaElement | null>
}

/** What is written stays in the field until the server has it. */
function CommentForm({ isBusy, onSend, inputRef }: CommentFormProps) {
  const { t } = useText()
  const { form, field, submit } = useSchemaForm(commentWords, { words: '' })
  const send = submit((said) => {
    onSend({ action: 'comment', comment: said.words }, () => {
      // Whoever has gone on writing meanwhile keeps that.
      if (form.getValues().words.trim() === said.words) form.reset()
    })
  })
  return (
    <Form onSubmit={send}>
      <Textarea
        {...field('words')}
        ref={inputRef}
        label={t('order.action.comment.field')}
        description={t('order.action.comment.effect')}
        autosize
        minRows={2}
        maxLength={maxCommentLength}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
        }}
      />
      <OnlineButton type="submit" variant="default" loading={isBusy}>
        {t('order.action.comment.send')}
      </OnlineButton>
    </Form>
  )
}
