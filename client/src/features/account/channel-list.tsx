import { ActionIcon, CloseButton, NativeSelect, TextInput } from '@mantine/core'
import {
  channelKinds,
  type ChannelKind,
  type ChannelPreference,
  type Profile,
} from '@stagewatch/shared/contract/profile.ts'
import { ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import formStyles from '../../components/form/form.module.css'
import layout from '../../components/layout/layout.module.css'
import { useText } from '../../locales/use-text.ts'

interface ChannelListProps {
  /** In order of preference. */
  readonly value: readonly ChannelPreference[]
  readonly profile: Pick<Profile, 'email' | 'emailVerified'>
  readonly errorOf: (path: string) => ReactNode
  readonly onChange: (channels: ChannelPreference[]) => void
}

const fresh: Readonly<Record<ChannelKind, ChannelPreference>> = {
  email: { kind: 'email' },
  sms: { kind: 'sms', mobile: '' },
  wecom: { kind: 'wecom', userId: '' },
  dingtalk: { kind: 'dingtalk' },
  feishu: { kind: 'feishu', openId: '' },
}

/** The channels that reach the user, the preferred one first. */
export function ChannelList({ value, profile, errorOf, onChange }: ChannelListProps) {
  const { t } = useText()
  const others = channelKinds.filter((kind) => !value.some((one) => one.kind === kind))
  const replace = (index: number, next: ChannelPreference): void =>
    onChange(value.map((one, i) => (i === index ? next : one)))
  const moveUp = (index: number): void => {
    const [before, moved] = value.slice(index - 1, index + 1)
    if (before !== undefined && moved !== undefined) onChange(value.toSpliced(index - 1, 2, moved, before))
  }
  return (
    <fieldset className={formStyles['fieldset']}>
      <legend>{t('profile.channels')}</legend>
      <p className={layout['meta']}>{t('profile.channelsText')}</p>
      {value.map((channel, index) => {
        const name = t(`profile.${channel.kind}`)
        return (
          <div key={channel.kind} className={layout['listRow']}>
            <div>
              <strong>{`${index + 1}. ${name}`}</strong>
              <ChannelFields
                channel={channel}
                profile={profile}
                errorOf={(field) => errorOf(`channels.${index}.${field}`)}
                onChange={(next) => replace(index, next)}
              />
            </div>
            <div className={layout['row']}>
              {index > 0 && (
                <ActionIcon variant="default" aria-label={t('profile.up', { name })} onClick={() => moveUp(index)}>
                  <ArrowUp size={16} aria-hidden />
                </ActionIcon>
              )}
              <CloseButton
                aria-label={t('profile.remove', { name })}
                onClick={() => onChange(value.filter((_, i) => i !== index))}
              />
            </div>
          </div>
        )
      })}
      {value.length === 0 && <p>{t('profile.none')}</p>}
      {errorOf('channels') !== undefined && <p role="alert">{errorOf('channels')}</p>}
      {others.length > 0 && (
        <NativeSelect
          aria-label={t('profile.add')}
          value=""
          data={[
            { value: '', label: t('profile.add') },
            ...others.map((kind) => ({ value: kind, label: t(`profile.${kind}`) })),
          ]}
          onChange={({ currentTarget }) => {
            const kind = others.find((each) => each === currentTarget.value)
            if (kind !== undefined) onChange([...value, fresh[kind]])
          }}
        />
      )}
    </fieldset>
  )
}

interface ChannelFieldsProps {
  readonly channel: ChannelPreference
  readonly profile: Pick<Profile, 'email' | 'emailVerified'>
  readonly errorOf: (field: string) => ReactNode
  readonly onChange: (channel: ChannelPreference) => void
}

function ChannelFields({ channel, profile, errorOf, onChange }: ChannelFieldsProps) {
  const { t } = useText()
  switch (channel.kind) {
    case 'email':
      return (
        <p className={layout['break']}>
          {profile.email} {!profile.emailVerified && <span className={layout['quiet']}>{t('profile.unverified')}</span>}
        </p>
      )
    case 'sms':
      return (
        <MobileField
          value={channel.mobile}
          error={errorOf('mobile')}
          onChange={(mobile) => onChange({ ...channel, mobile })}
        />
      )
    case 'wecom':
      return (
        <TextInput
          label={t('profile.userId')}
          value={channel.userId}
          error={errorOf('userId')}
          onChange={({ currentTarget }) => onChange({ ...channel, userId: currentTarget.value })}
        />
      )
    case 'dingtalk': {
      const { userId = '', mobile = '' } = channel
      const change = (next: { userId: string; mobile: string }): void =>
        onChange({
          kind: 'dingtalk',
          ...(next.userId !== '' && { userId: next.userId }),
          ...(next.mobile !== '' && { mobile: next.mobile }),
        })
      return (
        <>
          <TextInput
            label={t('profile.userId')}
            value={userId}
            error={errorOf('userId')}
            onChange={({ currentTarget }) => change({ userId: currentTarget.value, mobile })}
          />
          <MobileField value={mobile} error={errorOf('mobile')} onChange={(next) => change({ userId, mobile: next })} />
        </>
      )
    }
    case 'feishu':
      return (
        <TextInput
          label={t('profile.openId')}
          value={channel.openId}
          error={errorOf('openId')}
          onChange={({ currentTarget }) => onChange({ ...channel, openId: currentTarget.value })}
        />
      )
  }
}

interface MobileFieldProps {
  readonly value: string
  readonly error: ReactNode
  readonly onChange: (mobile: string) => void
}

/** Numbers are entered in groups and sent as digits only. */
function MobileField({ value, error, onChange }: MobileFieldProps) {
  const { t } = useText()
  return (
    <TextInput
      type="tel"
      label={t('profile.mobile')}
      description={t('profile.mobileHint')}
      autoComplete="tel"
      value={value}
      error={error}
      onChange={({ currentTarget }) => onChange(currentTarget.value.replaceAll(/[\s()-]/g, ''))}
    />
  )
}
