import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { Link } from '@tanstack/react-router'
import { DataTable } from '../../../components/data-table.tsx'
import button from '../../../components/button.module.css'
import layout from '../../../components/layout/layout.module.css'
import { bytesText } from '../../../format/unit-text.ts'
import { formatShare, withPercentSign } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { DeleteUpload } from './sending-file.tsx'

/** Files that were uploaded, completely or in part, but not imported yet. */
export function OpenUploads({ uploads }: { readonly uploads: readonly UploadView[] }) {
  const { t, language } = useText()
  const open = uploads.filter((upload) => upload.import === undefined)
  if (open.length === 0) return null
  const stateOf = ({ hash, receivedBytes, bytes }: UploadView): string => {
    const size = bytesText(bytes, language)
    if (hash !== undefined) return t('imports.choose.complete', { size })
    return t('imports.choose.sent', {
      size,
      share: withPercentSign(formatShare(receivedBytes, bytes, language), language),
    })
  }
  return (
    <DataTable
      title={t('imports.choose.openTitle')}
      rows={open}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('imports.list.file'),
          kind: 'name',
          renderCell: (upload) => (
            <>
              <strong className={layout['break']}>{upload.file}</strong>
              <div className={layout['meta']}>{stateOf(upload)}</div>
            </>
          ),
        },
        {
          title: t('desk.actions'),
          kind: 'actions',
          renderCell: (upload) => (
            <>
              <Link
                className={button['link']}
                to="/imports/new"
                search={{ upload: upload.id }}
                aria-label={`${t('imports.choose.goOn')}: ${upload.file}`}
              >
                {t('imports.choose.goOn')}
              </Link>
              <DeleteUpload upload={upload} label={t('imports.choose.delete')} />
            </>
          ),
        },
      ]}
    >
      <p className={layout['meta']}>{t('imports.choose.openText')}</p>
    </DataTable>
  )
}
