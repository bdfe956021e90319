import { Button, NativeSelect } from '@mantine/core'
import { clsx } from 'clsx'
import { Play, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import card from '../../../components/card.module.css'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { formatCount, formatPercent } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { processChanges } from '../process-changes.ts'
import { useProcess } from '../process-context.ts'
import styles from './dry-run.module.css'
import { DryRunTable } from './dry-run-table.tsx'
import { StatusExamples } from './status-examples.tsx'
import type { useDryRun } from './use-dry-run.ts'

const choices = [7, 30, 90, 366] as const

interface DryRunCardProps {
  readonly dryRun: ReturnType<typeof useDryRun>
  /** Beside the figures. */
  readonly children: ReactNode
}

/** What would have been, and what would be now, if the draft were the process. */
export function DryRunCard({ dryRun: { state, run, cancel }, children }: DryRunCardProps) {
  const { t, language } = useText()
  const { definition, live } = useProcess()
  const [days, setDays] = useState<number>(30)
  const count = (value: number): string => formatCount(value, language)
  const isOutdated =
    state.kind === 'done' &&
    (processChanges(state.definition, definition).length > 0 || state.days !== days || state.live !== live)
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
              onClick={() => run(definition, live, days)}
            >
              {t(state.kind === 'done' ? 'processes.dryRun.again' : 'processes.dryRun.run')}
            </OnlineButton>
          )}
        </div>
      </div>
      {state.kind === 'running' && <Progress progress={state.progress} />}
      {state.kind === 'failed' && <ErrorAlert error={state.error} />}
      {isOutdated && (
        <p className={clsx(note['note'], note['warning'], styles['outdated'])} role="status">
          {t('processes.dryRun.outdated')}
        </p>
      )}
      <div className={styles['columns']}>
        {state.kind === 'done' ? (
          <div className={layout['stack']}>
            <DryRunTable result={state.result} days={state.days} />
            <StatusExamples result={state.result} />
          </div>
        ) : (
          <p className={layout['meta']}>{t('processes.dryRun.text')}</p>
        )}
        {children}
      </div>
    </section>
  )
}

interface ProgressProps {
  readonly progress: { readonly done: number; readonly total: number } | undefined
}

function Progress({ progress }: ProgressProps) {
  const { t, language } = useText()
  const share = progress === undefined || progress.total === 0 ? undefined : progress.done / progress.total
  return (
    <div className={styles['progress']}>
      <progress aria-label={t('processes.dryRun.running')} {...(share !== undefined && { value: share })} />
      <span>
        {share === undefined
          ? t('processes.dryRun.running')
          : t('processes.dryRun.progress', { value: formatPercent(share, language) })}
      </span>
    </div>
  )
}
