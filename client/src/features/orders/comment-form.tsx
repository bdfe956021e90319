import { Combobox, Textarea, useCombobox } from '@mantine/core'
import { maxCommentLength, maxMentions, type MentionedPerson } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import { z } from 'zod'
import { useMe } from '../../api/session.ts'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { orderPeopleQuery } from './api.ts'
import type { Send } from './ask-form.tsx'
import { completed, mentionAt, mentionedIn, namedLike, type MentionStart } from './mention.ts'

const commentWords = z.object({ words: z.string().trim().min(1).max(maxCommentLength) })

interface CommentFormProps {
  readonly order: OrderDetail
  readonly isBusy: boolean
  readonly onSend: Send
  readonly inputRef: RefObject<HTMLTextAreaElement | null>
}

/** A comment stays in the field until the server has saved it. An @ suggests people who can see the order. */
export function CommentForm({ order, isBusy, onSend, inputRef }: CommentFormProps) {
  const { t } = useText()
  const { site, privacy } = useMe()
  const { form, field, submit } = useSchemaForm(commentWords, { words: '' })
  const [chosen, setChosen] = useState<readonly MentionedPerson[]>([])
  const [mention, setMention] = useState<MentionStart>()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const knowsPeople = privacy.people === 'shown'
  const { data, isPlaceholderData } = useQuery({
    ...orderPeopleQuery(site, order.order, mention?.query ?? ''),
    enabled: knowsPeople && mention !== undefined,
  })
  const found = mention === undefined ? [] : (data?.people ?? [])
  // Until the answer for the typed text arrives, Enter must not choose somebody who was found for an earlier one.
  const people = mention !== undefined && isPlaceholderData ? namedLike(found, mention.query) : found
  const offered = people.map(({ id }) => id).join()
  const { selectFirstOption } = combobox
  useEffect(() => {
    if (offered !== '') selectFirstOption()
  }, [offered, selectFirstOption])
  const send = submit(({ words }) => {
    const mentions = mentionedIn(words, chosen)
      .slice(0, maxMentions)
      .map(({ id }) => id)
    onSend({ action: 'comment', comment: words, ...(mentions.length > 0 && { mentions }) }, () => {
      // Keeps text that was typed in the meantime.
      if (form.getValues().words.trim() !== words) return
      form.reset()
      setChosen([])
    })
  })
  /** Reads the text before the caret. */
  const look = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): void => {
    const next = selectionStart === selectionEnd ? mentionAt(value, selectionStart) : undefined
    setMention(next)
    if (next === undefined) combobox.closeDropdown()
    else combobox.openDropdown()
  }
  const pick = (id: string): void => {
    const person = people.find((one) => one.id === id)
    if (person === undefined || mention === undefined) return
    const { text, caret } = completed(form.getValues().words, mention, person.name)
    // Synchronous, so that fast typing does not continue at the wrong position.
    flushSync(() => {
      form.setFieldValue('words', text)
      setChosen([...chosen, person])
      setMention(undefined)
    })
    inputRef.current?.setSelectionRange(caret, caret)
    combobox.closeDropdown()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
    if (event.key === 'Escape' && mention !== undefined) {
      event.stopPropagation()
      setMention(undefined)
    }
  }
  const words = field('words')
  return (
    <Form onSubmit={send}>
      <Combobox store={combobox} onOptionSubmit={pick} position="bottom-start" width={260} withinPortal={false}>
        <Combobox.DropdownTarget>
          <Combobox.EventsTarget withKeyboardNavigation={people.length > 0}>
            <Textarea
              {...words}
              ref={inputRef}
              label={t('order.action.comment.field')}
              description={t(knowsPeople ? 'order.action.comment.effectMention' : 'order.action.comment.effect')}
              autosize
              minRows={2}
              maxLength={maxCommentLength}
              onChange={(event) => {
                words.onChange(event)
                look(event.currentTarget)
              }}
              onSelect={(event) => look(event.currentTarget)}
              onBlur={() => {
                setMention(undefined)
                combobox.closeDropdown()
              }}
              onKeyDown={onKeyDown}
            />
          </Combobox.EventsTarget>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={people.length === 0}>
          <Combobox.Options aria-label={t('order.action.comment.people')}>
            {people.map(({ id, name }) => (
              <Combobox.Option key={id} value={id}>
                {name}
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <OnlineButton type="submit" variant="default" loading={isBusy}>
        {t('order.action.comment.send')}
      </OnlineButton>
    </Form>
  )
}
