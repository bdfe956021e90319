import { useText } from '../../text/use-text.ts'
import { changedFields } from './changed-fields.ts'
import { fieldName } from './field-name.ts'
import { useValueText } from './use-value-text.ts'

interface ChangeDiffProps {
  readonly before: unknown
  readonly after: unknown
  /** Epoch ms. */
  readonly now: number
}

const mostFields = 60

/** Every value that differs, as it was and as it is. */
export function ChangeDiff({ before, after, now }: ChangeDiffProps) {
  const { t } = useText()
  const valueText = useValueText(now)
  const fields = changedFields(before, after)
  if (fields.length === 0) return <p className="meta">{t('desk.changes.same')}</p>
  return (
    <>
      <table className="table table--diff">
        <thead>
          <tr>
            <th>{t('desk.changes.field')}</th>
            <th>{t('desk.changes.before')}</th>
            <th>{t('desk.changes.after')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.slice(0, mostFields).map(({ path, before: was, after: is }) => {
            const field = path.at(-1) ?? ''
            const names = path.map((part) => {
              const name = fieldName(part)
              return name === undefined ? part : t(name)
            })
            return (
              <tr key={path.join('/')}>
                <td className="break">{names.join(' › ') || t('desk.changes.whole')}</td>
                <td className="break" data-label={t('desk.changes.before')}>
                  {valueText(field, was)}
                </td>
                <td className="break" data-label={t('desk.changes.after')}>
                  <strong>{valueText(field, is)}</strong>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {fields.length > mostFields && (
        <p className="meta">{t('desk.changes.more', { count: fields.length - mostFields })}</p>
      )}
    </>
  )
}
