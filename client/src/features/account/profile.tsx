import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import {
  profileSettings,
  type Profile as ProfileView,
  type ProfileSettings,
} from '@stagewatch/shared/contract/profile.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import formStyles from '../../components/form/form.module.css'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm, withoutEmpty } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { ownTimeZone } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import { profileQuery, useSaveProfile } from './api.ts'
import { ChannelList } from './channel-list.tsx'
import { QuietHoursFields } from './quiet-hours-fields.tsx'

const profileForm = withoutEmpty(profileSettings)

/** The user's own settings, for all sites and devices. */
export function Profile() {
  const { t } = useText()
  const query = useQuery(profileQuery)
  return (
    <QueryBoundary query={query} isInCard>
      {(profile) => (
        <div className={layout['stack']}>
          <ProfileForm profile={profile} asOf={serverTime(query.dataUpdatedAt)} />
          <Link to="/team">{t('profile.absences')}</Link>
        </div>
      )}
    </QueryBoundary>
  )
}

interface ProfileFormProps {
  readonly profile: ProfileView
  /** Epoch ms. */
  readonly asOf: number
}

export function ProfileForm({ profile, asOf }: ProfileFormProps) {
  const { t } = useText()
  const [before, setBefore] = useState(() => settingsOf(profile))
  const { form, field, submit } = useSchemaForm(profileForm, valuesOf(profile))
  const save = useSaveProfile(profile.version)
  const { channels, quietHours } = form.values
  const send = (settings: ProfileSettings): void =>
    save.mutate(settings, {
      onSuccess: (saved) => {
        setBefore(settingsOf(saved))
        notifyDone(t('desk.saved'))
      },
    })
  return (
    <Form onSubmit={submit(send)}>
      {!save.isSuccess && (
        <EditConflict
          before={before}
          current={settingsOf(profile)}
          yours={settingsOf(form.values)}
          now={asOf}
          onTakeTheirs={() => {
            save.reset()
            setBefore(settingsOf(profile))
            form.setValues(valuesOf(profile))
          }}
        />
      )}
      <div className={formStyles['fields']}>
        <TextInput {...field('name')} label={t('desk.name')} autoComplete="name" required />
        <NativeSelect
          {...field('language')}
          label={t('profile.language')}
          data={[
            { value: '', label: t('profile.browserLanguage') },
            ...languages.map((each) => ({ value: each, label: locales[each].name })),
          ]}
        />
        <NativeSelect
          {...field('timeZone')}
          label={t('profile.timeZone')}
          data={[
            { value: '', label: t('profile.browserTimeZone', { zone: ownTimeZone() }) },
            ...timeZones(profile.timeZone).map((zone) => ({ value: zone, label: zone })),
          ]}
        />
      </div>
      <ChannelList
        value={channels}
        profile={profile}
        errorOf={(path) => form.errors[path]}
        onChange={(next) => form.setFieldValue('channels', next)}
      />
      <Checkbox
        checked={form.values.dueList}
        onChange={({ currentTarget }) => form.setFieldValue('dueList', currentTarget.checked)}
        label={t('profile.dueList')}
        description={t('profile.dueListHint')}
      />
      <QuietHoursFields
        value={quietHours}
        errorOf={(path) => form.errors[path]}
        onChange={(next) => form.setFieldValue('quietHours', next)}
      />
      <ErrorAlert error={save.error} />
      <OnlineButton type="submit" loading={save.isPending}>
        {t('profile.save')}
      </OnlineButton>
    </Form>
  )
}

/** The time zones that the browser supports, and the chosen one. */
function timeZones(chosen: string | undefined): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return chosen === undefined || known.includes(chosen) ? known : [chosen, ...known]
}

type Values = Omit<ProfileSettings, 'language' | 'timeZone' | 'quietHours'> & {
  readonly language: ProfileSettings['language'] | ''
  readonly timeZone: string
  readonly quietHours: ProfileSettings['quietHours'] | undefined
}

/** Values of the form; empty where nothing is chosen. */
function valuesOf({ name, language, timeZone = '', channels, quietHours, dueList }: ProfileSettings): Values {
  return { name, language: language ?? '', timeZone, channels: [...channels], quietHours, dueList }
}

/** The settings that the form would send, for a comparison. */
function settingsOf({ name, language = '', timeZone = '', channels, quietHours, dueList }: Partial<Values>) {
  return {
    name,
    ...(language !== '' && { language }),
    ...(timeZone !== '' && { timeZone }),
    channels,
    ...(quietHours !== undefined && { quietHours }),
    ...(dueList !== undefined && { dueList }),
  }
}
