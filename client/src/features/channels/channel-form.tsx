import { Button, NativeSelect, PasswordInput, Switch, TextInput } from '@mantine/core'
import { channelKinds } from '@stagewatch/shared/contract/channels.ts'
import type { Channel, ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useState, type SubmitEvent } from 'react'
import { isApiError } from '../../api/request.ts'
import { signInOptionsQuery } from '../../api/session.ts'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import formStyles from '../../components/form/form.module.css'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { notifyDone } from '../../components/notify.ts'
import { useText } from '../../locales/use-text.ts'
import { useSaveChannel } from './api.ts'
import { numberFields, secretsOf, settingsOf, type SecretName, type SettingName } from './channel-fields.ts'
import styles from './channels.module.css'

interface ChannelFormProps {
  /** Undefined: a new channel. */
  readonly saved?: Channel
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

interface Values {
  readonly kind: ChannelKind
  readonly name: string
  readonly enabled: boolean
  /** Values of the inputs, by field name. */
  readonly settings: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

/** Edits a channel. Stored secrets are not shown and are kept unless new ones are entered. */
export function ChannelForm({ saved, asOf, onDone }: ChannelFormProps) {
  const { t } = useText()
  const [before, setBefore] = useState(saved)
  const [values, setValues] = useState<Values>(() => valuesOf(saved))
  const save = useSaveChannel(saved)
  const { kind, name, enabled, settings, secrets } = values
  const change = (changed: Partial<Values>) => setValues({ ...values, ...changed })
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    save.mutate(bodyOf(values), {
      onSuccess() {
        notifyDone(t('desk.saved'))
        onDone()
      },
    })
  }
  const labelOf = (field: SettingName | SecretName, isOptional: boolean): string => {
    const label = t(`channels.field.${field}`)
    return isOptional ? t('channels.optional', { label }) : label
  }
  const isConflict = isApiError(save.error, 'conflict') && before?.version !== saved?.version
  return (
    <Form onSubmit={send}>
      {saved !== undefined && isConflict && (
        <EditConflict
          before={before && shownOf(before)}
          current={shownOf(saved)}
          yours={{ ...shownOf(saved), name, enabled, settings }}
          now={asOf}
          onTakeTheirs={() => {
            save.reset()
            setBefore(saved)
            setValues(valuesOf(saved))
          }}
        />
      )}
      <div className={formStyles['fields']}>
        {saved === undefined && (
          <NativeSelect
            name="kind"
            label={t('channels.kindLabel')}
            value={kind}
            data={channelKinds.map((each) => ({ value: each, label: t(`channels.kind.${each}`) }))}
            onChange={({ currentTarget: { value } }) => {
              const chosen = channelKinds.find((each) => each === value)
              if (chosen !== undefined) change({ kind: chosen, settings: {}, secrets: {} })
            }}
          />
        )}
        <TextInput
          name="name"
          label={t('field.name')}
          description={t('channels.nameHint')}
          value={name}
          required
          autoComplete="off"
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
      </div>
      <p className={layout['meta']}>{t(`channels.howTo.${kind}`)}</p>
      {kind === 'email' && (settings['host'] ?? '') === '' && <NoMailServer />}
      <div className={styles['fields']}>
        {settingsOf(kind).map(({ name: field, isOptional }) =>
          field === 'security' ? (
            <NativeSelect
              key={field}
              name={field}
              label={t('channels.field.security')}
              value={settings[field] ?? 'starttls'}
              data={(['starttls', 'tls', 'none'] as const).map((each) => ({
                value: each,
                label: t(`channels.security.${each}`),
              }))}
              onChange={(event) => change({ settings: { ...settings, [field]: event.currentTarget.value } })}
            />
          ) : (
            <TextInput
              key={field}
              name={field}
              label={labelOf(field, isOptional)}
              value={settings[field] ?? ''}
              required={!isOptional}
              autoComplete="off"
              {...(numberFields.has(field) && { inputMode: 'numeric' })}
              onChange={(event) => change({ settings: { ...settings, [field]: event.currentTarget.value } })}
            />
          ),
        )}
        {secretsOf(kind).map(({ name: field, isOptional }) => (
          <PasswordInput
            key={field}
            name={field}
            label={labelOf(field, isOptional)}
            value={secrets[field] ?? ''}
            required={!isOptional && saved === undefined}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('channels.show') }}
            {...(saved?.secrets[field] !== undefined && {
              description: t('channels.keep', { hint: saved.secrets[field] }),
            })}
            onChange={(event) => change({ secrets: { ...secrets, [field]: event.currentTarget.value } })}
          />
        ))}
      </div>
      {kind === 'webhook' && (
        <Button
          variant="default"
          className={layout['row']}
          onClick={() => change({ secrets: { ...secrets, secret: newWebhookSecret() } })}
        >
          {t('channels.makeSecret')}
        </Button>
      )}
      <Switch
        label={t('channels.enabled')}
        checked={enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      <ErrorAlert error={save.error} />
      <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
    </Form>
  )
}

function NoMailServer() {
  const { t } = useText()
  const { data } = useQuery(signInOptionsQuery)
  if (data?.mail !== false) return null
  return <p className={clsx(note['note'], note['warning'])}>{t('channels.noMailServer')}</p>
}

function valuesOf(saved: Channel | undefined): Values {
  if (saved === undefined) return { kind: 'email', name: '', enabled: true, settings: {}, secrets: {} }
  const { kind, name, enabled, settings } = saved
  const texts = Object.entries(settings).map(([field, value]) => [field, String(value)] as const)
  return { kind, name, enabled, settings: Object.fromEntries(texts), secrets: {} }
}

function shownOf({ name, enabled, settings, secrets }: Channel) {
  return { name, enabled, settings, secrets }
}

/** Omits empty fields: a missing setting has no value, and a missing secret stays unchanged. */
function bodyOf({ kind, name, enabled, settings, secrets }: Values) {
  const given = (fields: Readonly<Record<string, string>>) => Object.entries(fields).filter(([, value]) => value !== '')
  const typed = ([field, value]: [string, string]) => [field, numberFields.has(field) ? Number(value) : value] as const
  return {
    kind,
    name,
    enabled,
    settings: Object.fromEntries(given(settings).map(typed)),
    secrets: Object.fromEntries(given(secrets)),
  }
}

function newWebhookSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24))))}`
}
