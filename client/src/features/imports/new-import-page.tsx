import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { isApiError } from '../../api/request.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { processesQuery } from '../../api/site-queries.ts'
import { uploadQuery, uploadsQuery } from './api.ts'
import { PrepareImport } from './prepare-import.tsx'
import { ChooseFile } from './sending/choose-file.tsx'
import { OpenUploads } from './sending/open-uploads.tsx'
import { SendingFile } from './sending/sending-file.tsx'
import { Steps } from './steps.tsx'

/** The steps of a new import: choose a file, map its columns, check the result. */
export function NewImportPage() {
  const { t } = useText()
  const { upload } = useSearch({ from: '/shell/imports/new' })
  return (
    <Page title={t('imports.new')} needs="imports.manage">
      <div className={layout['stack']}>{upload === undefined ? <Choose /> : <Upload key={upload} id={upload} />}</div>
    </Page>
  )
}

function Choose() {
  const query = useQuery(uploadsQuery(useMe().site))
  return (
    <>
      <Steps current="choose" />
      <QueryBoundary query={query}>
        {(list) => (
          <>
            <ChooseFile {...list} />
            <OpenUploads uploads={list.uploads} />
          </>
        )}
      </QueryBoundary>
    </>
  )
}

function Upload({ id }: { readonly id: string }) {
  const { t } = useText()
  const query = useQuery(uploadQuery(useMe().site, id))
  if (query.data === undefined && isApiError(query.error, 'not_found')) {
    return (
      <EmptyState title={t('imports.sending.missing')}>
        <p>{t('imports.sending.missingText')}</p>
      </EmptyState>
    )
  }
  return (
    <QueryBoundary query={query}>
      {(upload) => <FoundUpload upload={upload} now={serverTime(query.dataUpdatedAt)} />}
    </QueryBoundary>
  )
}

interface FoundUploadProps {
  readonly upload: UploadView
  /** Epoch ms. */
  readonly now: number
}

function FoundUpload({ upload, now }: FoundUploadProps) {
  const { site, actions, sites } = useMe()
  const { step = 'map' } = useSearch({ from: '/shell/imports/new' })
  const processes = useQuery(processesQuery(site))
  useLiveQuery({
    queryKey: uploadQuery(site, upload.id).queryKey,
    message: { kind: 'upload', id: upload.id, search: '' },
    // Server and client share the schema.
    toData: (tree) => tree as UploadView,
  })
  if (upload.hash === undefined) {
    return (
      <>
        <Steps current="choose" />
        <SendingFile upload={upload} />
      </>
    )
  }
  return (
    <QueryBoundary query={processes}>
      {(known) => (
        <PrepareImport
          upload={upload}
          step={step}
          now={now}
          initial={{
            // Times without a zone are most likely local.
            mapping: { ...zoneOf(sites.find(({ code }) => code === site)?.timeZone) },
            // A site without stages learns them from the file; existing stages change only on request.
            discover: known.processes.length === 0 && actions.includes('rules.change'),
            terminal: [],
          }}
        />
      )}
    </QueryBoundary>
  )
}

function zoneOf(timezone: string | undefined) {
  return timezone === undefined ? {} : { timezone }
}
