import type { KeyList } from '@stagewatch/shared/contract/admin.ts'
import { clsx } from 'clsx'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useRevokeKey } from './api.ts'

interface KeyTableProps {
  readonly keys: KeyList['keys']
  /** Epoch ms. */
  readonly asOf: number
}

export function KeyTable({ keys, asOf }: KeyTableProps) {
  const { t, language } = useText()
  const revoke = useRevokeKey()
  return (
    <DataTable
      title={t('nav.keys')}
      rows={keys}
      rowKey={({ id }) => id}
      isPast={({ revokedAt }) => revokedAt !== undefined}
      columns={[
        {
          title: t('field.name'),
          kind: 'name',
          renderCell: ({ id, name }) => (
            <>
              <strong>{name}</strong>
              <div className={layout['meta']}>{id}</div>
            </>
          ),
        },
        {
          title: t('keys.scopes'),
          renderCell: ({ scopes, sources }) => (
            <>
              {scopes.map((scope) => t(`scope.${scope}`)).join(t('listComma'))}
              {sources !== undefined && (
                <div className={clsx(layout['meta'], layout['break'])}>
                  {t('keys.ofSources', { names: sources.join(t('listComma')) })}
                </div>
              )}
            </>
          ),
        },
        {
          title: t('keys.created'),
          kind: 'time',
          renderCell: ({ createdAt }) => instantText(createdAt, asOf, language),
        },
        {
          title: t('desk.actions'),
          kind: 'actions',
          renderCell: ({ id, name, revokedAt }) =>
            revokedAt === undefined ? (
              <ConfirmButton
                label={t('keys.revoke')}
                about={name}
                question={t('keys.revokeQuestion', { name })}
                busy={revoke.isPending && revoke.variables === id}
                onConfirm={() => revoke.mutate(id)}
              />
            ) : (
              <span className={layout['quiet']}>
                {t('keys.revoked', { time: instantText(revokedAt, asOf, language) })}
              </span>
            ),
        },
      ]}
    >
      <ErrorAlert error={revoke.error} />
    </DataTable>
  )
}
