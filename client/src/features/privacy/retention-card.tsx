import { Switch } from '@mantine/core'
import { retention, retentionLimits } from '@stagewatch/shared/contract/retention.ts'
import type { Retention } from '@stagewatch/shared/contract/retention.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import formStyles from '../../components/form/form.module.css'
import { Form } from '../../components/form/form.tsx'
import { NumberField } from '../../components/form/number-field.tsx'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { ArchivesSummary } from './archives-summary.tsx'
import { retentionQuery, useSaveRetention } from './retention-api.ts'

/** Keeps two years complete for comparisons. */
const proposedMonths = 24

/** How long the events of ended orders stay in the database, and what is archived. */
export function RetentionCard() {
  const { t } = useText()
  const query = useQuery(retentionQuery(useMe().site))
  return (
    <section className={clsx(card['card'], card['narrow'])}>
      <h2 className={card['title']}>{t('retention.title')}</h2>
      <p className={layout['meta']}>{t('retention.text')}</p>
      <QueryBoundary query={query}>
        {({ version, ...saved }) => (
          <div className={layout['stack']}>
            <RetentionForm saved={saved} version={version} asOf={serverTime(query.dataUpdatedAt)} />
            <ArchivesSummary isOn={saved.archiveAfterMonths !== undefined} />
          </div>
        )}
      </QueryBoundary>
    </section>
  )
}

interface RetentionFormProps {
  readonly saved: Retention
  /** Version of `saved`. */
  readonly version: string
  /** Epoch ms. */
  readonly asOf: number
}

function RetentionForm({ saved, version, asOf }: RetentionFormProps) {
  const { t } = useText()
  const [before, setBefore] = useState(saved)
  const [chosen, setChosen] = useState(saved)
  const save = useSaveRetention(version)
  const isTouched = changedFields(before, chosen).length > 0
  if (!isTouched && changedFields(before, saved).length > 0) {
    // There are no unsaved edits: the version saved by somebody else simply replaces the displayed one.
    setBefore(saved)
    setChosen(saved)
  }
  const choose = (next: Retention) => {
    save.reset()
    setChosen(next)
  }
  const send = () =>
    save.mutate(chosen, {
      onSuccess: () => {
        setBefore(chosen)
        notifyDone(t('retention.saved'))
      },
    })
  const months = chosen.archiveAfterMonths
  const isValid = retention.safeParse(chosen).success
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault()
        if (isValid) send()
      }}
    >
      {!save.isPending && (
        <EditConflict
          before={before}
          current={saved}
          yours={chosen}
          now={asOf}
          onTakeTheirs={() => {
            save.reset()
            setBefore(saved)
            setChosen(saved)
          }}
        />
      )}
      <div className={formStyles['group']}>
        <Switch
          label={t('retention.archive')}
          description={t('retention.archiveText')}
          checked={months !== undefined}
          onChange={({ currentTarget }) =>
            choose(currentTarget.checked ? { archiveAfterMonths: saved.archiveAfterMonths ?? proposedMonths } : {})
          }
        />
        {months !== undefined && (
          <NumberField
            label={t('retention.months')}
            value={months}
            min={retentionLimits.minMonths}
            max={retentionLimits.maxMonths}
            onChange={(archiveAfterMonths) => choose({ archiveAfterMonths })}
          />
        )}
      </div>
      <ErrorAlert error={save.error} />
      {changedFields(saved, chosen).length > 0 && (
        <OnlineButton type="submit" loading={save.isPending} disabled={!isValid}>
          {t('desk.save')}
        </OnlineButton>
      )}
    </Form>
  )
}
