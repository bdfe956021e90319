import { TextInput } from '@mantine/core'
import type { Channel } from '@stagewatch/shared/contract/channels.ts'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons } from '../../components/form/form-buttons.tsx'
import { Form } from '../../components/form/form.tsx'
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
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault()
        test.mutate({ to, language })
      }}
    >
      <strong>{t('channels.testOf', { name: channel.name })}</strong>
      {recipient !== undefined && (
        <TextInput
          name="to"
          label={t(`channels.recipient.${recipient}`)}
          value={to}
          required
          autoComplete="off"
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      )}
      <div role="status">
        {test.data !== undefined && <AttemptText attempt={test.data} asOf={serverTime(test.submittedAt)} />}
      </div>
      <ErrorAlert error={test.error} />
      <FormButtons submit={t('channels.test')} isBusy={test.isPending} onCancel={onDone} />
    </Form>
  )
}
