import type { MessageText } from '@stagewatch/shared/contract/message-texts.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { SegmentedField } from '../../components/form/segmented-field.tsx'
import { messageTextNames } from '../../components/message-text-names.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { textsQuery } from './api.ts'
import { MessageTabs } from './message-tabs.tsx'
import { TextEditor } from './text-editor.tsx'
import styles from './messages.module.css'

/** The texts of messages to people and customers. */
export function TextsPage() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(textsQuery(site))
  return (
    <Page title={t('nav.messages')} needs="rules.change">
      <MessageTabs />
      <QueryBoundary query={query}>
        {({ texts }) => <Texts texts={texts} asOf={serverTime(query.dataUpdatedAt)} />}
      </QueryBoundary>
    </Page>
  )
}

interface TextsProps {
  readonly texts: readonly MessageText[]
  /** Epoch ms. */
  readonly asOf: number
}

function Texts({ texts, asOf }: TextsProps) {
  const { t, language: own } = useText()
  const [language, setLanguage] = useState<Language>(own)
  const [edited, setEdited] = useState<MessageText['key']>()
  const languageNames = Object.fromEntries(languages.map((each) => [each, locales[each].name])) as Record<
    Language,
    string
  >
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('messages.texts')}</h2>
      <p className={layout['meta']}>{t('messages.textsNote')}</p>
      <div className={styles['language']}>
        <SegmentedField
          label={t('messages.textLanguage')}
          value={language}
          options={languageNames}
          onChange={(next) => {
            setEdited(undefined)
            setLanguage(next)
          }}
        />
      </div>
      <ul>
        {texts
          .filter((text) => text.language === language)
          .map((text) => (
            <li key={text.key} className={styles['text']}>
              <TextEditor
                text={text}
                name={t(messageTextNames[text.key])}
                isOpen={edited === text.key}
                asOf={asOf}
                onOpen={() => setEdited(text.key)}
                onClose={() => setEdited(undefined)}
              />
            </li>
          ))}
      </ul>
    </section>
  )
}
