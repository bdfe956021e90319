import { importLimits } from '@stagewatch/shared/contract/imports.ts'
import type { UploadList, UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { FileUp } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { ApiError } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import note from '../../../components/note.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { StatusGlyph } from '../../../components/status-glyph.tsx'
import { bytesText } from '../../../format/unit-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { useBeginUpload } from '../api.ts'
import { offeredTypes, refusalOf, type FileRefusal } from './file-kind.ts'
import { sendFile, uploadOfFile } from './sent-files.ts'
import styles from './sending.module.css'

interface ChooseFileProps extends Pick<UploadList, 'uploads' | 'maxBytes' | 'chunkBytes'> {
  /** The upload to resume with the file. Undefined: any file is accepted. */
  readonly wanted?: UploadView
}

/** Drop zone and file input. A partially uploaded file is resumed. */
export function ChooseFile({ uploads, maxBytes, chunkBytes, wanted }: ChooseFileProps) {
  const { t, language } = useText()
  const { site } = useMe()
  const navigate = useNavigate()
  const begin = useBeginUpload()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const [refusal, setRefusal] = useState<FileRefusal | 'other'>()

  const choose = async (files: readonly File[]): Promise<void> => {
    begin.reset()
    const refused = await refusalOf(files, maxBytes)
    const [file] = files
    const known = file && uploadOfFile(wanted === undefined ? uploads : [wanted], file)
    const isOther = wanted !== undefined && known === undefined
    setRefusal(refused ?? (isOther ? 'other' : undefined))
    if (refused !== undefined || isOther || file === undefined) return
    const upload = known ?? (await begin.mutateAsync(named(file)).catch(() => undefined))
    if (upload === undefined) return
    sendFile(site, upload, file, chunkBytes)
    void navigate({ to: '/imports/new', search: { upload: upload.id } })
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    void choose([...event.dataTransfer.files])
  }
  const size = bytesText(wanted?.bytes ?? maxBytes, language)
  return (
    <section
      className={clsx(card['card'], styles['drop'], isOver && styles['over'])}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <FileUp size={32} aria-hidden />
      <h2 className={card['stateTitle']}>{t('imports.choose.drop')}</h2>
      <OnlineButton loading={begin.isPending} onClick={() => input.current?.click()}>
        {t('imports.choose.button')}
      </OnlineButton>
      <input
        ref={input}
        type="file"
        hidden
        accept={offeredTypes}
        aria-label={t('imports.choose.button')}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          // Allows choosing the same file again.
          currentTarget.value = ''
          if (files.length > 0) void choose(files)
        }}
      />
      {wanted === undefined && <p className={styles['kinds']}>{t('imports.choose.kinds', { size })}</p>}
      {refusal !== undefined && (
        <div className={clsx(note['note'], note['error'])} role="alert">
          <StatusGlyph state="overdue" />
          <p>{t(`imports.refused.${refusal}`, { size, file: wanted?.file ?? '' })}</p>
        </div>
      )}
      {isTooMany(begin.error) ? (
        <div className={clsx(note['note'], note['error'])} role="alert">
          <StatusGlyph state="overdue" />
          <p>{t('imports.refused.tooMany')}</p>
        </div>
      ) : (
        <ErrorAlert error={begin.error} />
      )}
    </section>
  )
}

function named(file: File): Pick<File, 'name' | 'size'> {
  return { name: file.name.slice(-importLimits.file), size: file.size }
}

function isTooMany(error: Error | null): boolean {
  return error instanceof ApiError && error.details.some(({ reason }) => reason === 'too_many')
}
