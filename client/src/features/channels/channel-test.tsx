import { TextInput } from '@mantine/core'
import type { Channel } from '@stagewatch/shared/contract/channels.ts'
import { useEffect, useRef, useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { useText } from '../../locales/use-text.ts'
import { useTestChannel } from './api.ts'
import { AttemptText } from './attempt-text.tsx'
import { recipientOf } from './channel-fields.ts'

/** Sends a test message immediately and shows the receiver's response. */
export function ChannelTest({ channel, onDone }: { readonly channel: Channel; readonly onDone: () => void }) {
  const { t, language } = useText()
  const [to, setTo] = useState('')
  const test = useTestChannel(channel.id)
  const recipient = recipientOf(channel.kind)
  const label = recipient === undefined ? undefined : t(`channels.recipient.${recipient}`)
  const { mutate } = test
  const wasSent = useRef(false)
  // Where there is no recipient to enter, the click that opened the test has already asked for it.
  useEffect(() => {
    if (recipient !== undefined || wasSent.current) return
    wasSent.current = true
    mutate({ to: '', language })
  }, [recipient, mutate, language])
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault()
        test.mutate({ to, language })
      }}
    >
      <strong>{t('channels.testOf', { name: channel.name })}</strong>
      {label !== undefined && (
        <TextInput
          name="to"
          label={label}
          value={to}
          required
          autoComplete="off"
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      )}
      <div role="status">
        {test.data !== undefined && <AttemptText attempt={test.data} asOf={serverTime(test.submittedAt)} />}
      </div>
      <ErrorAlert error={test.error} {...(label !== undefined && { labels: { to: label } })} />
      <FormButtons submit={t('channels.test')} isBusy={test.isPending} isDone={test.isSuccess} onCancel={onDone} />
    </Form>
  )
}
