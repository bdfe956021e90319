import { siteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { isLanguage, locales } from '@stagewatch/shared/domain/locales.ts'
import { textKeys } from '@stagewatch/shared/domain/message-template.ts'
import { useState } from 'react'
import { fieldName } from '../../components/diff/field-name.ts'
import { DiffTable } from '../../components/diff/diff-table.tsx'
import { messageTextNames } from '../../components/message-text-names.ts'
import layout from '../../components/layout/layout.module.css'
import { serverTime } from '../../api/server-time.ts'
import { useText } from '../../locales/use-text.ts'
import type { Comparison } from './api.ts'
import { configSubjects, type ConfigSubject, type PathPart } from './config-subjects.ts'
import styles from './config-diff.module.css'

/** The changes that a file would make, by process, calendar and area, in the terms of the desk. */
export function ConfigDiff({ comparison: { proposal, current, difference } }: { readonly comparison: Comparison }) {
  const { t, nameOf } = useText()
  const partText = usePartText()
  const [now] = useState(() => serverTime(Date.now()))
  const { data: other } = siteConfig.safeParse(proposal.config)
  const more = difference.total - difference.fields.length
  const titleOf = ({ area, name }: ConfigSubject): string => {
    const label = t(`configuration.area.${area}`)
    return name === undefined ? label : t('labelled', { label, value: nameOf(name) })
  }
  return (
    <div className={layout['stack']}>
      {configSubjects(difference.fields, current, other).map((subject) => (
        <section key={titleOf(subject)} className={styles['subject']} aria-label={titleOf(subject)}>
          <h4>{titleOf(subject)}</h4>
          <DiffTable
            fields={subject.fields.map(({ field: { path, before, after }, parts }) => ({
              path,
              before,
              after,
              text: parts.map(partText).join(' › '),
            }))}
            columns={[t('configuration.now'), t('configuration.then')]}
            now={now}
          />
        </section>
      ))}
      {more > 0 && <p className={layout['meta']}>{t('changes.more', { count: more })}</p>}
    </div>
  )
}

/** A Monday. */
const someMonday = Date.UTC(2026, 0, 5)
const dayMs = 86_400_000

function usePartText(): (part: PathPart) => string {
  const { t, language, nameOf } = useText()
  return (part) => {
    switch (part.kind) {
      case 'named':
        return nameOf(part.name)
      case 'version':
        return /^\d+$/.test(part.name)
          ? t('configuration.version', { number: part.name })
          : t('calendars.from', { date: part.name })
      case 'messageText': {
        const key = textKeys.find((each) => each === part.name)
        return key === undefined ? part.name : t(messageTextNames[key])
      }
      case 'entry':
        return t('configuration.entry', { number: part.number })
      case 'weekday':
        return new Date(someMonday + (Number(part.name) - 1) * dayMs).toLocaleDateString(locales[language].formatTag, {
          weekday: 'long',
          timeZone: 'UTC',
        })
      case 'field': {
        if (isLanguage(part.name)) return locales[part.name].name
        const name = fieldName(part.name)
        return name === undefined ? part.name : t(name)
      }
    }
  }
}
