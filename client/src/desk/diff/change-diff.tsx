import { useText } from '../../text/use-text.ts'
import { changedFields } from './changed-fields.ts'
import { sharedNumber } from './shared-number.ts'
import { fieldName } from './field-name.ts'
import { useValueText } from './use-value-text.ts'

interface ChangeDiffProps {
  readonly before: unknown
  readonly after: unknown
  /** Epoch ms. */
  readonly now: number
}

const mostFields = 60

/** Every value that differs, as it was and as it is; of what is new or gone, one of them. */
export function ChangeDiff({ before, after, now }: ChangeDiffProps) {
  const { t } = useText()
  const valueText = useValueText(now)
  const fields = changedFields(before, after)
  if (fields.length === 0) return <p className="meta">{t('desk.changes.same')}</p>
  const shared = sharedNumber(fields)
  const [isNew, isGone] = [before === null, after === null]
  const nameText = (part: string) => {
    const name = fieldName(part)
    return name === undefined ? part : t(name)
  }
  return (
    <>
      <table className="table table--diff">
        <thead>
          <tr>
            <th>{t('desk.changes.field')}</th>
            {!isNew && <th>{t('desk.changes.before')}</th>}
            {!isGone && <th>{t('desk.changes.after')}</th>}
          </tr>
        </thead>
        <tbody>
          {fields.slice(0, mostFields).map(({ path, before: was, after: is }) => {
            const field = path.at(-1) ?? ''
            return (
              <tr key={path.join('/')}>
                <td className="break">{path.slice(shared).map(nameText).join(' › ') || t('desk.changes.whole')}</td>
                {!isNew && (
                  <td className="break" data-label={t('desk.changes.before')}>
                    {valueText(field, was)}
                  </td>
                )}
                {!isGone && (
                  <td className="break" data-label={t('desk.changes.after')}>
                    <strong>{valueText(field, is)}</strong>
                  </td>
                )}
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
