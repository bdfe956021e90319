import type { ChangeList } from '@stagewatch/shared/contract/changes.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { instantText } from '../format/instant-text.ts'
import { ChangeDiff } from '../diff/change-diff.tsx'
import { changeTexts } from './change-texts.ts'

interface ChangeRowProps {
  readonly change: ChangeList['changes'][number]
  /** Epoch ms. */
  readonly now: number
}

/** What differs is worked out when somebody opens it. */
export function ChangeRow({ change, now }: ChangeRowProps) {
  const { t, language } = useText()
  const [isOpen, setOpen] = useState(false)
  const { changedAt, actor, action, subject, before, after } = change
  const { kind, name } = actor
  const who = kind === 'person' ? name : t(`desk.changes.actor.${kind}`, { name })
  return (
    <li>
      <details className="change" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="change__line">
          <time className="change__time" dateTime={new Date(changedAt).toISOString()}>
            {instantText(changedAt, now, language)}
          </time>
          <strong className="change__action">{t(changeTexts[action])}</strong>
          <span className="change__subject break">{subject}</span>
          <span className="change__actor break">{who}</span>
        </summary>
        {isOpen && <ChangeDiff before={before} after={after} now={now} />}
      </details>
    </li>
  )
}
