import { changedFields, type ChangedField } from '@stagewatch/shared/domain/changed-fields.ts'
import { clsx } from 'clsx'
import { useText } from '../../locales/use-text.ts'
import table from '../data-table.module.css'
import layout from '../layout/layout.module.css'
import { fieldName } from './field-name.ts'
import { useValueText } from './value-text.ts'

interface ChangeDiffProps {
  readonly before: unknown
  readonly after: unknown
  /** Epoch ms. */
  readonly now: number
}

const mostFields = 60

/** Every changed value, before and after; a value that was added or removed has only one of the two. */
export function ChangeDiff({ before, after, now }: ChangeDiffProps) {
  const { t } = useText()
  const fields = changedFields(before, after)
  if (fields.length === 0) return <p className={layout['meta']}>{t('changes.same')}</p>
  const columns = [
    before === null ? undefined : t('changes.before'),
    after === null ? undefined : t('changes.after'),
  ] as const
  return <DiffTable fields={fields} columns={columns} now={now} />
}

interface DiffTableProps {
  /** `text`: label of the field, for fields whose path is not a good label. */
  readonly fields: readonly (ChangedField & { readonly text?: string })[]
  /** Headers of the two value columns. Undefined: the column is omitted. */
  readonly columns: readonly [first: string | undefined, second: string | undefined]
  /** Epoch ms. */
  readonly now: number
}

/** Compares two values of each field. */
export function DiffTable({ fields, columns: [first, second], now }: DiffTableProps) {
  const { t } = useText()
  const valueText = useValueText(now)
  const shared = commonPathLength(fields)
  const nameText = (part: string) => {
    const name = fieldName(part)
    return name === undefined ? part : t(name)
  }
  return (
    <>
      <table className={clsx(table['table'], table['diff'])}>
        <thead>
          <tr>
            <th>{t('changes.field')}</th>
            {first !== undefined && <th>{first}</th>}
            {second !== undefined && <th>{second}</th>}
          </tr>
        </thead>
        <tbody>
          {fields.slice(0, mostFields).map(({ path, text, before: was, after: is }) => {
            const field = path.at(-1) ?? ''
            return (
              <tr key={path.join('/')}>
                <td className={layout['break']}>
                  {(text ?? path.slice(shared).map(nameText).join(' › ')) || t('changes.whole')}
                </td>
                {first !== undefined && (
                  <td className={layout['break']} data-label={first}>
                    {valueText(field, was)}
                  </td>
                )}
                {second !== undefined && (
                  <td className={layout['break']} data-label={second}>
                    <strong>{valueText(field, is)}</strong>
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
      {fields.length > mostFields && (
        <p className={layout['meta']}>{t('changes.more', { count: fields.length - mostFields })}</p>
      )}
    </>
  )
}

/**
 * Number of leading path segments that carry no information because all paths share them: the number of the only
 * changed version and, after it, `definition`.
 */
export function commonPathLength(fields: readonly ChangedField[]): number {
  const [first, second] = fields[0]?.path ?? []
  if (first === undefined || !/^\d+$/.test(first)) return 0
  if (!fields.every(({ path }) => path[0] === first && path.length > 1)) return 0
  return second === 'definition' && fields.every(({ path }) => path[1] === second && path.length > 2) ? 2 : 1
}
