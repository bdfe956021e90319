import { Button, TextInput } from '@mantine/core'
import type { DeskAction, OrderActionsAnswer } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { useMe, useSiteTimeZone } from '../../api/session.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, focusWhenShown, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { previewQuery, useActOnOrders } from './api.ts'
import { holdEndSchema, HoldUntil } from './hold-until.tsx'
import styles from './bulk-actions.module.css'

export type BulkAction = Exclude<DeskAction['action'], 'changeHold' | 'complete' | 'cancel'>
type Refused = OrderActionsAnswer['results']

const maxWords = 200
/** Actions that need a name or a reason. */
const worded = ['assign', 'explain', 'hold', 'comment'] as const satisfies readonly BulkAction[]
type Worded = (typeof worded)[number]

interface BulkDialogProps {
  readonly action: BulkAction
  readonly orders: readonly OrderSummary[]
  /** Called when the action was applied to the orders that allowed it. */
  readonly onDone: () => void
  readonly onClose: () => void
}

/** Shows the affected orders before the action, and the refused ones after it. */
export function BulkDialog({ action, orders, onDone, onClose }: BulkDialogProps) {
  const { t, language } = useText()
  const { site } = useMe()
  // The stages at the time of the decision: orders that have moved on since are skipped.
  const [acted] = useState(() => orders.map(({ order, stage }) => ({ order, stage })))
  const preview = useQuery(previewQuery(site, { action, orders: acted }))
  const act = useActOnOrders(acted)
  const [left, setLeft] = useState<Refused>()
  const count = (value: number): string => formatCount(value, language)
  const send = (words: string, until: number | undefined): void =>
    act.mutate(actionOf(action, words, until), {
      onSuccess: ({ results }) => {
        const refused = results.filter((result) => result.refused !== undefined)
        const done = results.length - refused.length
        notifyDone(t('orders.bulk.done', { count: done, value: count(done) }))
        onDone()
        if (refused.length === 0) onClose()
        else setLeft(refused)
      },
    })
  return (
    <Dialog
      title={t(`orders.bulk.question.${action}`, { count: acted.length, value: count(acted.length) })}
      onClose={onClose}
    >
      {left === undefined ? (
        <div className={layout['stack']}>
          <p className={layout['meta']}>{t(`orders.bulk.effect.${action}`)}</p>
          <QueryBoundary query={preview} isInCard>
            {({ results }) => <Preview action={action} results={results} orders={orders} />}
          </QueryBoundary>
          <WordsForm
            action={action}
            isBusy={act.isPending}
            isReady={preview.data?.results.some(({ refused }) => refused === undefined) === true}
            onSend={send}
            onCancel={onClose}
          />
          <ErrorAlert error={act.error} />
        </div>
      ) : (
        <div className={layout['stack']}>
          <p>{t('orders.bulk.left', { count: left.length, value: count(left.length) })}</p>
          <RefusedList refused={left} />
          <Button onClick={onClose}>{t('desk.done')}</Button>
        </div>
      )}
    </Dialog>
  )
}

interface PreviewProps {
  readonly action: BulkAction
  readonly results: OrderActionsAnswer['results']
  readonly orders: readonly OrderSummary[]
}

function Preview({ action, results, orders }: PreviewProps) {
  const { t, language } = useText()
  const { name } = useMe()
  const refused = results.filter((result) => result.refused !== undefined)
  const possible = new Set(results.flatMap(({ order, refused: why }) => (why === undefined ? [order] : [])))
  const changesOwner = action === 'claim' || action === 'assign'
  const owned = orders.filter(({ order, owner }) => possible.has(order) && owner !== undefined && owner !== name)
  const count = (value: number): string => formatCount(value, language)
  return (
    <ul className={styles['preview']}>
      <li>{t('orders.bulk.possible', { count: possible.size, value: count(possible.size) })}</li>
      {changesOwner && owned.length > 0 && (
        <li>{t('orders.bulk.owned', { count: owned.length, value: count(owned.length) })}</li>
      )}
      {refused.length > 0 && (
        <li>
          {t('orders.bulk.skipped', { count: refused.length, value: count(refused.length) })}
          <RefusedList refused={refused} />
        </li>
      )}
    </ul>
  )
}

function RefusedList({ refused }: { readonly refused: Refused }) {
  const { t } = useText()
  return (
    <ul className={styles['refused']}>
      {refused.map(({ order, refused: why }) => (
        <li key={order}>
          <strong>{order}</strong> {why !== undefined && t(reasonOf(why))}
        </li>
      ))}
    </ul>
  )
}

/** Translates the server's reason for refusing an order. */
function reasonOf({ code, field }: NonNullable<Refused[number]['refused']>) {
  if (code === 'not_found') return 'orders.bulk.because.unseen'
  if (field === 'stage') return 'orders.bulk.because.moved'
  if (field === 'do') return 'orders.bulk.because.state'
  return 'orders.bulk.because.other'
}

const fieldOf = {
  assign: 'orders.bulk.field.assign',
  explain: 'orders.bulk.field.explain',
  hold: 'orders.bulk.field.hold',
  comment: 'orders.bulk.field.comment',
} as const satisfies Readonly<Record<Worded, string>>

interface WordsFormProps {
  readonly action: BulkAction
  readonly isBusy: boolean
  readonly isReady: boolean
  /** @param until end of a hold, epoch ms. */
  readonly onSend: (words: string, until: number | undefined) => void
  readonly onCancel: () => void
}

function WordsForm({ action, isBusy, isReady, onSend, onCancel }: WordsFormProps) {
  const { t } = useText()
  const asked = worded.find((each) => each === action)
  const timeZone = useSiteTimeZone()
  const words = z.string().trim().max(maxWords)
  const schema = z.object({ words: asked === undefined ? words : words.min(1), until: holdEndSchema(timeZone) })
  const { form, field, submit } = useSchemaForm(schema, { words: '', until: '' })
  return (
    <Form onSubmit={submit((said) => onSend(said.words, said.until))}>
      {asked !== undefined && (
        <TextInput {...field('words')} ref={focusWhenShown} label={t(fieldOf[asked])} maxLength={maxWords} />
      )}
      {action === 'hold' && <HoldUntil {...field('until')} onPick={(text) => form.setFieldValue('until', text)} />}
      <FormButtons
        submit={t(`orders.bulk.action.${action}`)}
        isBusy={isBusy}
        isDisabled={!isReady}
        onCancel={onCancel}
      />
    </Form>
  )
}

function actionOf(action: BulkAction, words: string, until: number | undefined): DeskAction {
  switch (action) {
    case 'claim':
    case 'acknowledge':
    case 'resume':
      return { action }
    case 'assign':
      return { action, owner: words }
    case 'comment':
      return { action, comment: words }
    case 'explain':
      return { action, reason: words }
    case 'hold':
      return { action, reason: words, ...(until !== undefined && { until }) }
  }
}
