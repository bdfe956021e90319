import { Button, TextInput } from '@mantine/core'
import { failing } from '@stagewatch/shared/contract/field-issue.ts'
import type { DeskAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { latestHoldEnd } from '@stagewatch/shared/domain/holds.ts'
import { z } from 'zod'
import { serverTime } from '../../api/server-time.ts'
import { useSiteTimeZone } from '../../api/session.ts'
import { FormButtons, focusWhenShown, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { clockTimeIn } from '../../format/site-clock.ts'
import { useText } from '../../locales/use-text.ts'
import { holdEndSchema, HoldUntil } from './hold-until.tsx'

const maxWords = 200

/** Actions that need input first: a name or a reason. */
export type Asking = 'assign' | 'explain' | 'hold' | 'changeHold' | 'complete' | 'cancel'

/** @param onDone called when the server has applied the action. */
export type Send = (action: DeskAction, onDone?: () => void) => void

interface AskFormProps {
  readonly action: Asking
  /** The hold to change. Undefined: a new one. */
  readonly hold?: Pick<OrderDetail, 'reason' | 'heldUntil'> | undefined
  /** The hold reasons of the stage. Undefined: none. */
  readonly holdReasons?: OrderDetail['holdReasons']
  readonly isBusy: boolean
  readonly onSend: Send
  readonly onCancel: () => void
}

/** Asks inline, so that the order stays visible. */
export function AskForm({ action, hold, holdReasons, isBusy, onSend, onCancel }: AskFormProps) {
  const { t, nameOf } = useText()
  const timeZone = useSiteTimeZone()
  const words = z.string().trim().max(maxWords)
  const isHold = action === 'hold' || action === 'changeHold'
  const latestFor = (reason: string) => (isHold ? latestHoldEndNow(holdReasons, reason) : undefined)
  const schema = z
    .object({ words: action === 'complete' ? words : words.min(1), until: holdEndSchema(timeZone) })
    .refine(({ words: reason, until }) => (until ?? Infinity) <= (latestFor(reason) ?? Infinity), {
      ...failing('out_of_order', 'must be no later than the reason allows'),
      path: ['until'],
    })
  const { form, field, submit } = useSchemaForm(schema, {
    words: hold?.reason ?? '',
    until: hold?.heldUntil === undefined ? '' : clockTimeIn(hold.heldUntil, timeZone),
  })
  const pickReason = (text: string): void => {
    form.setFieldValue('words', text)
    const latestAt = latestFor(text)
    if (latestAt !== undefined && form.values.until === '') form.setFieldValue('until', clockTimeIn(latestAt, timeZone))
  }
  return (
    <Form onSubmit={submit((said) => onSend(actionOf(action, said.words, said.until)))}>
      <p className={layout['meta']}>{t(`order.action.${action}.effect`)}</p>
      <TextInput
        {...field('words')}
        label={t(`order.action.${action}.field`)}
        ref={focusWhenShown}
        maxLength={maxWords}
        onKeyDown={({ key }) => key === 'Escape' && onCancel()}
      />
      {isHold && holdReasons !== undefined && (
        <div className={layout['row']}>
          {holdReasons.map((reason) => {
            const text = nameOf(reason.name)
            return (
              <Button key={text} variant="subtle" size="compact-xs" onClick={() => pickReason(text)}>
                {text}
              </Button>
            )
          })}
        </div>
      )}
      {isHold && (
        <HoldUntil
          {...field('until')}
          latestAt={latestFor(form.values.words)}
          onPick={(text) => form.setFieldValue('until', text)}
        />
      )}
      <FormButtons submit={t(`order.action.${action}.send`)} isBusy={isBusy} onCancel={onCancel} />
    </Form>
  )
}

function actionOf(action: Asking, said: string, until: number | undefined): DeskAction {
  switch (action) {
    case 'assign':
      return { action, owner: said }
    case 'complete':
      return { action, ...(said !== '' && { reason: said }) }
    case 'hold':
    case 'changeHold':
      return { action, reason: said, ...(until !== undefined && { until }) }
    case 'explain':
    case 'cancel':
      return { action, reason: said }
  }
}

/** The latest end of a hold for this reason that starts now, epoch ms. Undefined: unlimited. */
function latestHoldEndNow(holdReasons: OrderDetail['holdReasons'], reason: string): number | undefined {
  return latestHoldEnd(holdReasons, reason, serverTime(Date.now()))
}
