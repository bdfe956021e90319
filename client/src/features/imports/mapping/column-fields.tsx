import { NativeSelect } from '@mantine/core'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import card from '../../../components/card.module.css'
import formStyles from '../../../components/form/form.module.css'
import layout from '../../../components/layout/layout.module.css'
import { useIssueText } from '../../../components/form/use-issue-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import type { CheckedOrder } from '../use-checked-order.ts'
import {
  columnName,
  columnsOf,
  furtherColumns,
  samplesOf,
  withColumn,
  type ImportColumn,
  type KnownTable,
} from './edit-order.ts'
import styles from './mapping.module.css'

type ColumnFieldsProps = Pick<CheckedOrder, 'order' | 'change' | 'issues' | 'report'> & { readonly table: KnownTable }

/** Assigns the columns of the file to fields. */
export function ColumnFields({ order, change, issues, report, table }: ColumnFieldsProps) {
  const { t } = useText()
  const rows = order.mapping.rows ?? report?.meaning.rows ?? 'events'
  const { main } = columnsOf[rows]
  const further = furtherColumns[rows]
  const isUsed = (name: ImportColumn): boolean => order.mapping.columns?.[name] !== undefined
  // The section neither opens nor closes by itself while somebody chooses columns.
  const [isOpen] = useState(() => further.some((name) => isUsed(name) || foundAs(report, name) !== undefined))
  const ignored = report?.columns.ignored.map(({ header, place }) => header || String(place)) ?? []
  const fieldProps = { order, change, issues, report, table }
  return (
    <section className={card['card']} id="import-columns">
      <h2 className={card['title']}>{t('imports.map.columns')}</h2>
      <p className={layout['meta']}>{t('imports.map.columnsText')}</p>
      <div className={styles['columns']}>
        {main.map((name) => (
          <ColumnField key={name} name={name} {...fieldProps} />
        ))}
      </div>
      <details className={formStyles['more']} open={isOpen}>
        <summary>{t('imports.map.further')}</summary>
        <div className={styles['columns']}>
          {further.map((name) => (
            <ColumnField key={name} name={name} {...fieldProps} />
          ))}
        </div>
      </details>
      {ignored.length > 0 && (
        <p className={clsx(layout['meta'], layout['break'])}>
          {t('imports.map.ignored', { headers: ignored.join(t('listComma')) })}
        </p>
      )}
    </section>
  )
}

function foundAs(report: ImportReport | undefined, name: ImportColumn) {
  return report?.columns.used.find((column) => column.name === name)
}

interface ColumnFieldProps extends ColumnFieldsProps {
  readonly name: ImportColumn
}

function ColumnField({ name, order, change, issues, report, table }: ColumnFieldProps) {
  const { t, language } = useText()
  const issueText = useIssueText()
  const chosen = order.mapping.columns?.[name]
  const used = foundAs(report, name)
  const rows = order.mapping.rows ?? report?.meaning.rows ?? 'events'
  const issue = issues.get(`mapping.columns.${name}`)
  // If the file cannot be read, its columns are unknown.
  const isMissing =
    issue?.reason === 'missing' ||
    (report !== undefined && used === undefined && chosen === undefined && columnsOf[rows].required.includes(name))
  const samples = used === undefined ? [] : samplesOf(table, used.place)
  const wrong = wrongCells(report, used?.header)
  const offered = table.header.map((header, index) => {
    const place = index + 1
    const [first] = samplesOf(table, place)
    const title = header.trim() === '' ? String(place) : header
    return { value: columnName(table, place), label: first === undefined ? title : `${title} · ${first}` }
  })
  const isListed = chosen === undefined || offered.some(({ value }) => value === chosen)
  return (
    <NativeSelect
      className={styles['column']}
      label={t(`imports.column.${name}`)}
      value={chosen ?? ''}
      error={errorText()}
      description={
        samples.length === 0 ? undefined : t('imports.map.samples', { values: samples.join(t('listComma')) })
      }
      data={[{ value: '', label: leftOpen() }, ...offered, ...(isListed ? [] : [{ value: chosen, label: chosen }])]}
      onChange={({ currentTarget: { value } }) => change(withColumn(order, name, value === '' ? undefined : value))}
    />
  )

  function errorText(): string | undefined {
    if (isMissing) return t('imports.map.required')
    if (issue !== undefined) return issue.reason === 'twice' ? t('imports.map.sameName') : issueText(issue)
    return wrong > 0 ? t('imports.map.wrongCells', { count: wrong, shown: formatCount(wrong, language) }) : undefined
  }

  /** The effect of choosing no column. */
  function leftOpen(): string {
    if (chosen !== undefined || report === undefined) return t('imports.map.auto')
    if (used === undefined) return t('imports.map.unused')
    return t('imports.map.automatic', { header: used.header || String(used.place) })
  }
}

/** Cells of a column that were ignored or caused rows to be rejected. */
function wrongCells(report: ImportReport | undefined, header: string | undefined): number {
  if (report === undefined || header === undefined) return 0
  const rejected = report.rejections.filter(({ column }) => column === header)
  const unreadable = report.cells.filter(({ column, cause }) => column === header && cause === 'unreadable')
  return [...rejected, ...unreadable].reduce((sum, { count }) => sum + count, 0)
}

/** Whether the file has one row per order, with a time column for each stage. */
export function isMilestones(order: ImportOrder, report: ImportReport | undefined): boolean {
  return (order.mapping.rows ?? report?.meaning.rows) === 'wide'
}
