import { Button, TextInput } from '@mantine/core'
import { maxReleaseReason, type ProcessReleases } from '@stagewatch/shared/contract/process-draft.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { useMe } from '../../../api/session.ts'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { FormButtons, focusWhenShown, Form } from '../../../components/form/form.tsx'
import { useSchemaForm } from '../../../components/form/use-schema-form.ts'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { instantText } from '../../../format/instant-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { releasesQuery, useRollback } from '../api.ts'
import { processChanges } from '../process-changes.ts'
import { useProcess } from '../process-context.ts'
import { ChangeList } from './change-list.tsx'
import styles from './release.module.css'

type Release = ProcessReleases['releases'][number]

interface HistoryDialogProps {
  /** Version of the process that a restored version replaces. */
  readonly liveVersion: string
  readonly onClose: () => void
}

/** All releases: who, when, why, and what changed. */
export function HistoryDialog({ liveVersion, onClose }: HistoryDialogProps) {
  const { t } = useText()
  const { site } = useMe()
  const { definition } = useProcess()
  const query = useInfiniteQuery(releasesQuery(site, definition.code))
  return (
    <Dialog title={t('processes.history')} className={styles['dialog']} closesBeside onClose={onClose}>
      <QueryBoundary query={query} isInCard>
        {({ pages }) => {
          const releases = pages.flatMap((page) => page.releases)
          if (releases.length === 0) return <p className={layout['meta']}>{t('processes.noReleases')}</p>
          return (
            <ol className={styles['releases']}>
              {releases.map((release, at) => (
                <ReleaseRow
                  key={release.change}
                  release={release}
                  newer={releases[at - 1]}
                  liveVersion={liveVersion}
                  onDone={onClose}
                />
              ))}
            </ol>
          )
        }}
      </QueryBoundary>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('changes.loadMore')}
        </Button>
      )}
    </Dialog>
  )
}

interface ReleaseRowProps {
  readonly release: Release
  /** The next release. Undefined: this one is live. */
  readonly newer: Release | undefined
  readonly liveVersion: string
  readonly onDone: () => void
}

function ReleaseRow({ release, newer, liveVersion, onDone }: ReleaseRowProps) {
  const { t, language } = useText()
  const { dispatch, asOf } = useProcess()
  const [isOpen, setOpen] = useState(false)
  const [isRestoring, setRestoring] = useState(false)
  const { changedAt, actor, reason, validFrom, before, after } = release
  const who =
    actor === undefined
      ? undefined
      : actor.kind === 'person'
        ? actor.name
        : t(`changes.actor.${actor.kind}`, { name: actor.name })
  return (
    <li>
      <p className={styles['head']}>
        <strong>{instantText(changedAt, asOf, language)}</strong>
        {who !== undefined && <span className={layout['meta']}>{who}</span>}
      </p>
      {reason !== undefined && <p className={styles['reason']}>{reason}</p>}
      <p className={layout['meta']}>
        {newer === undefined && <strong>{t('processes.countsNow')} </strong>}
        {validFrom !== undefined && t('processes.validFrom', { time: instantText(validFrom, asOf, language) })}
        {validFrom === undefined && before !== null && t('processes.corrected')}
      </p>
      {before !== null && after !== null ? (
        <details className={styles['what']} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{t('processes.whatChanged')}</summary>
          {isOpen && <ChangeList changes={processChanges(before, after)} />}
        </details>
      ) : (
        <p className={layout['meta']}>{t(before === null ? 'processes.created' : 'processes.deleted')}</p>
      )}
      {dispatch !== undefined &&
        newer !== undefined &&
        after !== null &&
        (isRestoring ? (
          <RestoreForm
            change={newer.change}
            liveVersion={liveVersion}
            onCancel={() => setRestoring(false)}
            onDone={onDone}
          />
        ) : (
          <Button variant="default" size="compact-sm" onClick={() => setRestoring(true)}>
            {t('processes.restore')}
          </Button>
        ))}
    </li>
  )
}

interface RestoreFormProps {
  /** This change and all later ones are reverted. */
  readonly change: number
  readonly liveVersion: string
  readonly onCancel: () => void
  readonly onDone: () => void
}

const schema = z.object({ reason: z.string().trim().min(1).max(maxReleaseReason) })

function RestoreForm({ change, liveVersion, onCancel, onDone }: RestoreFormProps) {
  const { t } = useText()
  const { definition } = useProcess()
  const rollback = useRollback(definition.code, () => {
    notifyDone(t('processes.restored'))
    onDone()
  })
  const { field, submit } = useSchemaForm(schema, { reason: '' })
  return (
    <Form onSubmit={submit(({ reason }) => rollback.mutate({ version: liveVersion, reason, change }))}>
      <TextInput
        {...field('reason')}
        ref={focusWhenShown}
        label={t('processes.restoreReason')}
        description={t('processes.restoreHint')}
        maxLength={maxReleaseReason}
      />
      <ErrorAlert error={rollback.error} conflict={t('processes.release.conflict')} />
      <FormButtons submit={t('processes.restore')} isBusy={rollback.isPending} onCancel={onCancel} />
    </Form>
  )
}
