import { Button, NativeSelect } from '@mantine/core'
import { clsx } from 'clsx'
import { Play, X } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { WorkProgress } from '../../../components/work-progress.tsx'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { processChanges } from '../process-changes.ts'
import { useProcess } from '../process-context.ts'
import { templatesQuery } from '../templates/api.ts'
import styles from './dry-run.module.css'
import { DryRunTable } from './dry-run-table.tsx'
import { StatusExamples } from './status-examples.tsx'
import type { useDryRun } from './use-dry-run.ts'

const choices = [7, 30, 90, 366] as const
/** Value for the site's own orders; no template has an empty code. */
const own = ''

interface DryRunCardProps {
  readonly dryRun: ReturnType<typeof useDryRun>
  /** Shown beside the figures. */
  readonly children: ReactNode
}

/** The past and present results that the draft would lead to if it were released. */
export function DryRunCard({ dryRun: { state, run, cancel }, children }: DryRunCardProps) {
  const { t, language, nameOf } = useText()
  const { definition, live } = useProcess()
  const { site } = useMe()
  const { data } = useQuery(templatesQuery(site))
  const [days, setDays] = useState<number>(30)
  // Before the first release no order passes the stages of a process, but a template comes with sample orders.
  const [wanted, setSample] = useState(live.stages.length === 0 ? definition.code : own)
  const sample = data?.templates.some(({ process }) => process.code === wanted) ? wanted : own
  const count = (value: number): string => formatCount(value, language)
  const isOutdated =
    state.kind === 'done' &&
    (processChanges(state.definition, definition).length > 0 ||
      state.days !== days ||
      (state.sample === undefined && state.live !== live) ||
      (state.sample ?? own) !== sample)
  return (
    <section className={card['card']}>
      <div className={layout['bar']}>
        <h2 className={styles['title']}>
          {t('processes.dryRun.title')}{' '}
          <span className={card['titleNote']}>
            {state.kind === 'done'
              ? t('processes.dryRun.about', { days: count(state.days), orders: count(state.result.orders) })
              : t('processes.dryRun.hint')}
          </span>
        </h2>
        <div className={layout['row']}>
          <NativeSelect
            aria-label={t('processes.dryRun.data')}
            value={sample}
            data={[
              { value: own, label: t('processes.dryRun.own') },
              ...(data?.templates ?? []).map(({ name, process }) => ({
                value: process.code,
                label: t('processes.dryRun.sample', { name: nameOf(name) }),
              })),
            ]}
            onChange={({ currentTarget }) => setSample(currentTarget.value)}
          />
          <NativeSelect
            aria-label={t('processes.dryRun.days')}
            value={String(days)}
            data={choices.map((each) => ({
              value: String(each),
              label: t('processes.dryRun.lastDays', { count: each, value: count(each) }),
            }))}
            onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
          />
          {state.kind === 'running' ? (
            <Button variant="default" leftSection={<X size={16} aria-hidden />} onClick={cancel}>
              {t('desk.cancel')}
            </Button>
          ) : (
            <OnlineButton
              variant="default"
              leftSection={<Play size={16} aria-hidden />}
              onClick={() => run(definition, live, days, sample === own ? undefined : sample)}
            >
              {t(state.kind === 'done' ? 'processes.dryRun.again' : 'processes.dryRun.run')}
            </OnlineButton>
          )}
        </div>
      </div>
      {state.kind === 'running' && <WorkProgress label={t('processes.dryRun.running')} progress={state.progress} />}
      {state.kind === 'failed' && <ErrorAlert error={state.error} conflict={t('processes.dryRun.rulesChanged')} />}
      {isOutdated && (
        <p className={clsx(note['note'], note['warning'], styles['outdated'])} role="status">
          {t('processes.dryRun.outdated')}
        </p>
      )}
      <div className={styles['columns']}>
        {state.kind === 'done' ? (
          <div className={layout['stack']}>
            <DryRunTable result={state.result} days={state.days} isSample={state.sample !== undefined} />
            {state.sample === undefined && <StatusExamples result={state.result} />}
          </div>
        ) : (
          <p className={layout['meta']}>{t('processes.dryRun.text')}</p>
        )}
        {children}
      </div>
    </section>
  )
}
