import { Textarea } from '@mantine/core'
import type { HandoverNote } from '@stagewatch/shared/contract/handover.ts'
import { useState } from 'react'
import { useTranslated } from '../../api/translations.ts'
import card from '../../components/card.module.css'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useAddNote, useDeleteNote } from './api.ts'
import styles from './handover.module.css'

const maxLength = 2_000

interface NotesProps {
  readonly notes: readonly HandoverNote[]
  readonly department: string
  /** Undefined: the notes go with the next handover. */
  readonly handover?: number
  readonly mayNote: boolean
  /** Epoch ms. */
  readonly now: number
}

/** Notes that people wrote for the next shift. */
export function Notes({ notes, department, handover, mayNote, now }: NotesProps) {
  const { t, language } = useText()
  const translated = useTranslated()
  const remove = useDeleteNote()
  return (
    <section className={card['card']}>
      <h3 className={card['title']}>{t('handover.notes')}</h3>
      {notes.length === 0 && <p className={layout['meta']}>{t('handover.noNotes')}</p>}
      <ErrorAlert error={remove.error} />
      <ul>
        {notes.map(({ id, at, author, text, isOwn }) => (
          <li key={id} className={styles['note']}>
            <span className={layout['meta']}>
              {[author && translated(author), instantText(at, now, language)]
                .filter((part) => part !== undefined)
                .join(' · ')}
            </span>
            <span className={styles['text']}>{text}</span>
            {isOwn && (
              <div className={styles['screenOnly']}>
                <ConfirmButton
                  label={t('handover.noteDelete')}
                  question={t('handover.noteDeleteQuestion')}
                  about={text.slice(0, 40)}
                  busy={remove.isPending}
                  onConfirm={() => remove.mutate(id)}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
      {mayNote && <NoteForm department={department} {...(handover !== undefined && { handover })} />}
    </section>
  )
}

function NoteForm({ department, handover }: Pick<NotesProps, 'department' | 'handover'>) {
  const { t } = useText()
  const [text, setText] = useState('')
  const add = useAddNote()
  const send = () =>
    add.mutate(
      { department, text, ...(handover !== undefined && { handover }) },
      {
        onSuccess: () => {
          setText('')
          notifyDone(t('handover.noteSaved'))
        },
      },
    )
  return (
    <form
      className={`${layout['stack']} ${styles['screenOnly']}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') send()
      }}
    >
      <Textarea
        label={t('handover.noteLabel')}
        value={text}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={maxLength}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <ErrorAlert error={add.error} />
      <div>
        <OnlineButton type="submit" loading={add.isPending} disabled={text.trim() === ''}>
          {t('handover.noteAdd')}
        </OnlineButton>
      </div>
    </form>
  )
}
