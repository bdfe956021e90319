import { privacy } from '@stagewatch/shared/contract/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import { PrivacyFields } from '../../components/form/privacy-fields.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { privacyQuery, useSavePrivacy } from './api.ts'
import { ErasureForm } from './erasure-form.tsx'
import { ErasureTable } from './erasure-table.tsx'
import { RetentionCard } from './retention-card.tsx'

export function PrivacyPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.privacy')} needs="site.manage">
      <div className={layout['bar']}>
        <p className={layout['barText']}>
          {t('privacy.configuration')} <Link to="/configuration">{t('nav.configuration')}</Link>
        </p>
      </div>
      <div className={layout['stack']}>
        <SitePrivacy />
        <RetentionCard />
        <ErasureForm />
        <ErasureTable />
      </div>
    </Page>
  )
}

function SitePrivacy() {
  const query = useQuery(privacyQuery(useMe().site))
  return (
    <QueryBoundary query={query}>
      {({ version, ...saved }) => (
        <PrivacyForm saved={saved} version={version} asOf={serverTime(query.dataUpdatedAt)} />
      )}
    </QueryBoundary>
  )
}

interface PrivacyFormProps {
  readonly saved: Privacy
  /** Version of `saved`. */
  readonly version: string
  /** Epoch ms. */
  readonly asOf: number
}

function PrivacyForm({ saved, version, asOf }: PrivacyFormProps) {
  const { t } = useText()
  const [before, setBefore] = useState(saved)
  const { form, submit } = useSchemaForm(privacy, { ...saved })
  const chosen = form.values
  const save = useSavePrivacy(version)
  const send = (body: Privacy) =>
    save.mutate(body, {
      onSuccess: () => {
        setBefore(body)
        notifyDone(t('privacy.saved'))
      },
    })
  const isTouched = changedFields(before, chosen).length > 0
  if (!isTouched && changedFields(before, saved).length > 0) {
    // There are no unsaved edits: the version saved by somebody else simply replaces the displayed one.
    setBefore(saved)
    form.setValues({ ...saved })
  }
  return (
    <section className={clsx(card['card'], card['narrow'])}>
      <h2 className={card['title']}>{t('privacy.title')}</h2>
      <p className={layout['meta']}>{t('privacy.text')}</p>
      <Form onSubmit={submit(send)}>
        {!save.isPending && (
          <EditConflict
            before={before}
            current={saved}
            yours={chosen}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              setBefore(saved)
              form.setValues({ ...saved })
            }}
          />
        )}
        <PrivacyFields
          value={chosen}
          onChange={(next) => {
            save.reset()
            form.setValues(next)
          }}
        />
        <ErrorAlert error={save.error} />
        <OnlineButton type="submit" loading={save.isPending} disabled={changedFields(saved, chosen).length === 0}>
          {t('desk.save')}
        </OnlineButton>
      </Form>
    </section>
  )
}
