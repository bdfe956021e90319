import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { KeyList } from '@stagewatch/shared/contract/admin.ts'
import { useText } from '../../text/use-text.ts'
import { revokeKey } from '../api/revoke-key.ts'
import { instantText } from '../format/instant-text.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useMe } from '../shell/me-context.ts'

interface KeyTableProps {
  readonly keys: KeyList['keys']
  /** Epoch ms. */
  readonly asOf: number
}

export function KeyTable({ keys, asOf }: KeyTableProps) {
  const { t, language } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: (id: string) => revokeKey(site, id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys', site] }),
  })
  return (
    <section className="card card--table">
      <h2 className="card__title">
        {t('desk.nav.keys')} <span className="count">{keys.length}</span>
      </h2>
      <ProblemNote error={revoke.error} />
      <table className="table">
        <thead>
          <tr>
            <th>{t('desk.name')}</th>
            <th>{t('desk.keys.scopes')}</th>
            <th>{t('desk.keys.created')}</th>
            <th>{t('desk.keys.state')}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, name, scopes, createdAt, revokedAt }) => (
            <tr key={id} className={revokedAt === undefined ? '' : 'table__gone'}>
              <td>
                <strong>{name}</strong>
                <div className="meta">{id}</div>
              </td>
              <td data-label={t('desk.keys.scopes')}>
                {scopes.map((scope) => t(`desk.scope.${scope}`)).join(t('desk.listComma'))}
              </td>
              <td data-label={t('desk.keys.created')}>{instantText(createdAt, asOf, language)}</td>
              <td className="table__actions">
                {revokedAt === undefined ? (
                  <ConfirmButton
                    label={t('desk.keys.revoke')}
                    about={name}
                    question={t('desk.keys.revokeQuestion', { name })}
                    busy={revoke.isPending}
                    onConfirm={() => revoke.mutate(id)}
                  />
                ) : (
                  <span className="quiet">
                    {t('desk.keys.revoked', { time: instantText(revokedAt, asOf, language) })}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
