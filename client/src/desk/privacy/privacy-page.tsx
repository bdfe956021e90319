import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { privacyQuery } from '../api/privacy.ts'
import { savePrivacy } from '../api/save-privacy.ts'
import { changedFields } from '../diff/changed-fields.ts'
import { ChangedMeanwhile } from '../diff/changed-meanwhile.tsx'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { PrivacyFields } from '../parts/privacy-fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useMe } from '../shell/me-context.ts'
import { Page } from '../shell/page.tsx'

export function PrivacyPage() {
  const { t } = useText()
  return (
    <Page title={t('desk.nav.privacy')} needs="site.manage">
      <SitePrivacy />
    </Page>
  )
}

function SitePrivacy() {
  const query = useQuery(privacyQuery(useMe().site))
  return <Loaded query={query}>{(saved) => <PrivacyForm saved={saved} asOf={query.dataUpdatedAt} />}</Loaded>
}

interface PrivacyFormProps {
  readonly saved: Privacy
  /** Epoch ms. */
  readonly asOf: number
}

function PrivacyForm({ saved, asOf }: PrivacyFormProps) {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const [before, setBefore] = useState(saved)
  const [chosen, setChosen] = useState(saved)
  const save = useMutation({
    mutationFn: () => savePrivacy(site, chosen),
    onSuccess: async () => {
      setBefore(chosen)
      queries.setQueryData(privacyQuery(site).queryKey, chosen)
      await queries.invalidateQueries({ queryKey: ['me'] })
    },
  })
  const isTouched = changedFields(before, chosen).length > 0
  if (!isTouched && changedFields(before, saved).length > 0) {
    // Nobody is editing: what somebody else has saved is simply shown.
    setBefore(saved)
    setChosen(saved)
  }
  return (
    <section className="card card--narrow">
      <h2 className="card__title">{t('desk.privacy.title')}</h2>
      <p className="meta">{t('desk.privacy.text')}</p>
      <Form onSubmit={() => save.mutate()}>
        <ChangedMeanwhile before={before} current={saved} now={asOf} />
        <PrivacyFields
          value={chosen}
          onChange={(next) => {
            save.reset()
            setChosen(next)
          }}
        />
        <ProblemNote error={save.error} />
        {save.isSuccess && (
          <p className="note" role="status">
            {t('desk.privacy.saved')}
          </p>
        )}
        <ActButton type="submit" loading={save.isPending} disabled={changedFields(saved, chosen).length === 0}>
          {t('desk.save')}
        </ActButton>
      </Form>
    </section>
  )
}
