import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { DataTable } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { instantText } from '../../format/instant-text.ts'
import { formatCount, formatShare, withPercentSign } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { UndoImport } from './run/undo-import.tsx'

interface ImportTableProps {
  readonly imports: readonly ImportView[]
  /** Epoch ms. */
  readonly asOf: number
}

export function ImportTable({ imports, asOf }: ImportTableProps) {
  const { t, language } = useText()
  const count = (value: number): string => formatCount(value, language)
  return (
    <DataTable
      title={t('imports.list.title')}
      rows={imports}
      rowKey={({ id }) => String(id)}
      isPast={({ state }) => state === 'undone'}
      columns={[
        {
          title: t('imports.list.file'),
          kind: 'name',
          renderCell: ({ id, file }) => (
            <Link className={layout['break']} to="/imports/$id" params={{ id: String(id) }}>
              <strong>{file}</strong>
            </Link>
          ),
        },
        { title: t('imports.list.state'), renderCell: (shown) => <State shown={shown} /> },
        {
          title: t('imports.list.when'),
          kind: 'time',
          renderCell: ({ startedAt }) => instantText(startedAt, asOf, language),
        },
        { title: t('imports.list.by'), renderCell: ({ actor }) => actor },
        { title: t('imports.list.rows'), renderCell: ({ rows }) => count(rows) },
        { title: t('imports.list.added'), renderCell: ({ accepted }) => count(accepted) },
        { title: t('imports.list.duplicate'), renderCell: ({ duplicate }) => count(duplicate) },
        { title: t('imports.list.rejected'), renderCell: ({ rejected }) => count(rejected) },
        {
          title: t('desk.actions'),
          kind: 'actions',
          renderCell: (shown) => <UndoImport undone={shown} isInList />,
        },
      ]}
    />
  )
}

function State({ shown: { state, progress, undo } }: { readonly shown: ImportView }) {
  const { t, language } = useText()
  const isBad = state === 'brokenOff'
  return (
    <>
      <span className={clsx(note['badge'], isBad && note['overdue'])}>
        {t(`imports.state.${state}`)}
        {progress !== undefined && ` ${withPercentSign(formatShare(progress.ratio, 1, language), language)}`}
      </span>
      {undo !== undefined && <div className={clsx(layout['meta'], layout['break'])}>{undo.reason}</div>}
    </>
  )
}
