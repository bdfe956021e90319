import { Button } from '@mantine/core'
import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useEffect } from 'react'
import { ApiError } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { ConfirmButton } from '../../../components/confirm-button.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { bytesText } from '../../../format/unit-text.ts'
import { formatShare, withPercentSign } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { isElsewhere, uploadQuery, uploadsQuery, useDeleteUpload } from '../api.ts'
import { Progress } from '../progress.tsx'
import { ChooseFile } from './choose-file.tsx'
import { FileGoneError, type FileSender, type Sending } from './file-sender.ts'
import { forgetFile, useSending } from './sent-files.ts'
import styles from './sending.module.css'

/** An upload that is not complete. */
export function SendingFile({ upload }: { readonly upload: UploadView }) {
  const { site } = useMe()
  const queries = useQueryClient()
  const known = useSending(upload.id)
  const state = known?.sending.state
  // The page continues with the next step when the server has received the whole file.
  useEffect(() => {
    if (state === 'done') void queries.invalidateQueries({ queryKey: uploadQuery(site, upload.id).queryKey })
  }, [state, queries, site, upload.id])
  if (known === undefined) return <StoppedUpload upload={upload} />
  return <SentNow upload={upload} {...known} />
}

interface SentNowProps {
  readonly upload: UploadView
  readonly sender: FileSender
  readonly sending: Sending
}

function SentNow({ upload, sender, sending }: SentNowProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { state, sentBytes, bytesPerSecond, error } = sending
  const { file, bytes } = upload
  const share = withPercentSign(formatShare(sentBytes, bytes, language), language)
  const leftMs = bytesPerSecond === undefined ? undefined : ((bytes - sentBytes) / bytesPerSecond) * 1_000
  const isShown = state === 'sending' && bytesPerSecond !== undefined
  return (
    <section className={clsx(card['card'], styles['sending'])}>
      <h2 className={clsx(card['stateTitle'], layout['break'])}>{t('imports.sending.title', { file })}</h2>
      <Progress label={t('imports.sending.title', { file })} ratio={sentBytes / bytes} />
      <p className={styles['figures']}>
        <span>
          {t('imports.sending.progress', { sent: bytesText(sentBytes, language), size: bytesText(bytes, language) })}
        </span>
        {isShown && <span>{t('imports.sending.speed', { size: bytesText(bytesPerSecond, language) })}</span>}
        {isShown && leftMs !== undefined && leftMs >= 60_000 && (
          <span>{t('imports.sending.left', { time: duration(leftMs) })}</span>
        )}
      </p>
      <p role="status" className={layout['barText']}>
        {state === 'paused' && t('imports.sending.paused', { share })}
        {state === 'waiting' && t(error instanceof ApiError ? 'imports.sending.busy' : 'imports.sending.waiting')}
        {state === 'done' && t('imports.sending.finishing')}
      </p>
      {state === 'failed' && <SendingFailed error={error ?? null} />}
      {state !== 'done' && (
        <div className={layout['row']}>
          {state === 'sending' || state === 'waiting' ? (
            <Button variant="default" onClick={() => sender.pause()}>
              {t('imports.sending.pause')}
            </Button>
          ) : (
            <Button onClick={() => void sender.start()}>{t('imports.sending.resume')}</Button>
          )}
          <DeleteUpload upload={upload} label={t('imports.sending.cancel')} />
        </div>
      )}
    </section>
  )
}

function SendingFailed({ error }: { readonly error: Error | null }) {
  const { t } = useText()
  const reason = error instanceof FileGoneError ? 'gone' : isElsewhere(error) ? 'elsewhere' : undefined
  if (reason === undefined) return <ErrorAlert error={error} />
  return (
    <p className={clsx(note['note'], note['error'])} role="alert">
      {t(`imports.sending.${reason}`)}
    </p>
  )
}

/** An upload interrupted by a reload or started in another browser: the file has to be chosen again. */
function StoppedUpload({ upload }: { readonly upload: UploadView }) {
  const { t, language } = useText()
  const { site } = useMe()
  const list = useQuery(uploadsQuery(site))
  const share = withPercentSign(formatShare(upload.receivedBytes, upload.bytes, language), language)
  return (
    <>
      <section className={clsx(card['card'], styles['sending'])}>
        <h2 className={clsx(card['stateTitle'], layout['break'])}>{upload.file}</h2>
        <Progress label={upload.file} ratio={upload.receivedBytes / upload.bytes} />
        <p className={layout['break']}>{t('imports.sending.stopped', { share, file: upload.file })}</p>
        <div className={layout['row']}>
          <DeleteUpload upload={upload} label={t('imports.choose.delete')} />
        </div>
      </section>
      {list.data !== undefined && <ChooseFile {...list.data} wanted={upload} />}
    </>
  )
}

interface DeleteUploadProps {
  readonly upload: Pick<UploadView, 'id' | 'file'>
  readonly label: string
}

export function DeleteUpload({ upload: { id, file }, label }: DeleteUploadProps) {
  const { t } = useText()
  const navigate = useNavigate()
  const remove = useDeleteUpload()
  return (
    <>
      <ConfirmButton
        label={label}
        about={file}
        question={t('imports.choose.deleteQuestion')}
        busy={remove.isPending}
        onConfirm={() => {
          forgetFile(id)
          remove.mutate(id, { onSuccess: () => void navigate({ to: '/imports/new' }) })
        }}
      />
      <ErrorAlert error={remove.error} />
    </>
  )
}
