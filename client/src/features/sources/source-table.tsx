import { Button } from '@mantine/core'
import type { SourceList, SourceView } from '@stagewatch/shared/contract/sources.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import { DataTable } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { instantText, useAgo } from '../../format/instant-text.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { HourBars } from './hour-bars.tsx'
import { SourceEditor } from './source-editor.tsx'
import styles from './sources.module.css'

/** All sources with their health: last event, number of events, reporting delay and silence. */
export function SourceTable({ list: { sources, moreCount, asOf } }: { readonly list: SourceList }) {
  const { t, language } = useText()
  const ago = useAgo()
  const [edited, setEdited] = useState<string>()
  return (
    <DataTable
      title={t('nav.sources')}
      rows={sources}
      rowKey={({ source }) => source}
      renderEditor={(source) =>
        edited === source.source ? (
          <SourceEditor source={source} asOf={asOf} onDone={() => setEdited(undefined)} />
        ) : undefined
      }
      columns={[
        {
          title: t('sources.source'),
          kind: 'name',
          renderCell: ({ source, name }) => (
            <>
              <strong className={layout['break']}>{textIn(name, language)}</strong>
              {textIn(name, language) !== source && (
                <div className={clsx(layout['meta'], layout['break'])}>{source}</div>
              )}
            </>
          ),
        },
        {
          title: t('sources.heard'),
          renderCell: ({ lastReceivedAt, late, intervalMs }) => (
            <>
              <span className={clsx(styles['heard'], late && styles['late'])}>
                {late && <StatusGlyph state="stalled" />}
                {lastReceivedAt === undefined ? t('sources.never') : ago(lastReceivedAt, asOf)}
              </span>
              <Expectation late={late} intervalMs={intervalMs} />
            </>
          ),
        },
        { title: t('sources.week'), renderCell: (source) => <HourBars source={source} /> },
        { title: t('sources.day'), renderCell: ({ lastDay }) => <Received {...lastDay} /> },
        { title: t('sources.lag'), renderCell: ({ lag }) => <Lag lag={lag} /> },
        {
          title: t('sources.silence'),
          renderCell: ({ longestSilence, meanIntervalMs }) =>
            meanIntervalMs === undefined ? missing : <Silence silence={longestSilence} asOf={asOf} />,
        },
        {
          title: t('desk.actions'),
          kind: 'actions',
          renderCell: ({ source, name }) => (
            <Button
              variant="default"
              aria-label={`${t('desk.edit')}: ${textIn(name, language)}`}
              onClick={() => setEdited(source)}
            >
              {t('desk.edit')}
            </Button>
          ),
        },
      ]}
    >
      {moreCount > 0 && (
        <p className={layout['meta']}>
          {t('sources.more', { count: moreCount, shown: formatCount(moreCount, language) })}
        </p>
      )}
    </DataTable>
  )
}

function Expectation({ late, intervalMs }: Pick<SourceView, 'late' | 'intervalMs'>) {
  const { t } = useText()
  const duration = useDurationText()
  if (intervalMs === undefined) return <div className={layout['meta']}>{t('sources.noInterval')}</div>
  const time = duration(intervalMs)
  return <div className={layout['meta']}>{t(late ? 'sources.lateFor' : 'sources.every', { time })}</div>
}

function Received({ accepted, duplicate, rejected }: SourceView['lastDay']) {
  const { t, language } = useText()
  const count = (value: number): string => formatCount(value, language)
  return (
    <>
      {count(accepted)}
      {duplicate > 0 && <div className={layout['meta']}>{t('sources.duplicates', { shown: count(duplicate) })}</div>}
      {rejected > 0 && <div className={styles['rejected']}>{t('sources.rejected', { shown: count(rejected) })}</div>}
    </>
  )
}

/** Delay within which half of the events, and nearly all of them, were recorded. Late entries make a wall late. */
function Lag({ lag }: Pick<SourceView, 'lag'>) {
  const { t } = useText()
  const duration = useDurationText()
  if (lag === undefined) return missing
  const { halfWithinMs, mostWithinMs } = lag
  return (
    <>
      {halfWithinMs === null ? t('sources.overWeek') : t('sources.within', { time: duration(halfWithinMs) })}
      <div className={layout['meta']}>
        {mostWithinMs === null ? t('sources.mostOverWeek') : t('sources.mostWithin', { time: duration(mostWithinMs) })}
      </div>
    </>
  )
}

interface SilenceProps {
  readonly silence: SourceView['longestSilence']
  readonly asOf: number
}

function Silence({ silence, asOf }: SilenceProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  if (silence === undefined) return t('sources.noSilence')
  return (
    <>
      {duration(silence.to - silence.from)}
      <div className={layout['meta']}>{t('sources.from', { time: instantText(silence.from, asOf, language) })}</div>
    </>
  )
}
