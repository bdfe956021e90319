import type { ApprovalView } from '@stagewatch/shared/contract/approvals.ts'
import { clsx } from 'clsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { formatAmount } from '../../format/unit-text.ts'
import { instantText } from '../../format/instant-text.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './approvals-page.module.css'
import { useTranslated } from '../../api/translations.ts'

interface ApprovalRowsProps {
  readonly approvals: readonly ApprovalView[]
  readonly selected: number | undefined
  /** Epoch ms. */
  readonly now: number
  readonly onOpen: (id: number) => void
}

export function ApprovalRows({ approvals, selected, now, onOpen }: ApprovalRowsProps) {
  const { language, nameOf } = useText()
  const translated = useTranslated()
  return (
    <ul className={styles['rows']}>
      {approvals.map((approval) => {
        const { id, order, stage, stageName, customer, requester, dueAt } = approval
        const isLate = dueAt !== undefined && dueAt <= now
        const facts = [customer, formatAmount(approval, language), requester]
          .filter((fact) => fact !== undefined)
          .map(translated)
        return (
          <li key={id}>
            <button
              type="button"
              className={styles['row']}
              aria-current={id === selected || undefined}
              onClick={() => onOpen(id)}
            >
              <span className={styles['rowTitle']}>
                {isLate && <StatusGlyph state="overdue" />}
                <strong>{order}</strong> {stageName === undefined ? stage : nameOf(stageName)}
              </span>
              <span className={styles['meta']}>{facts.join(' · ')}</span>
              <span className={clsx(styles['waited'], isLate && styles['late'])}>
                <Ended approval={approval} now={now} />
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function Ended({ approval, now }: { readonly approval: ApprovalView; readonly now: number }) {
  const { t, language } = useText()
  const durationText = useDurationText()
  const { outcome, endedAt, isAutomatic, waitingSince } = approval
  if (outcome === undefined) return t('approvals.waited', { duration: durationText(now - waitingSince) })
  const text = t(`approvals.outcome.${isAutomatic && outcome === 'approved' ? 'automatic' : outcome}`)
  return endedAt === undefined ? text : `${text} · ${instantText(endedAt, now, language)}`
}
