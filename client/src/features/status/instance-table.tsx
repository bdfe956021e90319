import type { ServerStatus } from '@stagewatch/shared/contract/server-status.ts'
import { DataTable } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import { useAgo } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'

/** The server instances that run, and whether they are of one version. */
export function InstanceTable({ status: { instances, asOf } }: { readonly status: ServerStatus }) {
  const { t } = useText()
  const ago = useAgo()
  // An instance of a version that does not report them answers.
  if (instances.length === 0) return null
  const isMixed = new Set(instances.map(({ version }) => version)).size > 1
  return (
    <DataTable
      title={t('status.instances')}
      rows={instances}
      rowKey={({ version, startedAt, isAnswering }) => `${version} ${startedAt} ${isAnswering}`}
      columns={[
        {
          title: t('status.instance'),
          kind: 'name',
          renderCell: ({ version, isAnswering }) => (
            <>
              <strong>{version}</strong>
              {isAnswering && <div className={layout['meta']}>{t('status.answers')}</div>}
            </>
          ),
        },
        { title: t('status.instanceSince'), renderCell: ({ startedAt }) => ago(startedAt, asOf) },
      ]}
    >
      {isMixed && <p className={layout['meta']}>{t('status.instancesMixed')}</p>}
    </DataTable>
  )
}
