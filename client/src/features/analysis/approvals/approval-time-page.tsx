import type { ApprovalTime, ApprovalTimeAnswer } from '@stagewatch/shared/contract/analysis-approvals.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { approvalTimeQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'

/** How long orders waited for approval in the period, and how many wait now. */
export function ApprovalTimePage() {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { question } = useAnalysisScope()
  const times = useAnalysis(approvalTimeQuery(site, question))
  return (
    <AnalysisBoundary analysis={times}>
      {(answer) =>
        answer.rows.length === 0 ? (
          <NothingInPeriod title={t('analysis.approvals.none')} text={t('analysis.approvals.noneText')} />
        ) : (
          <section className={card['card']} aria-labelledby="approval-time">
            <div className={styles['head']}>
              <h2 id="approval-time">{t('analysis.approvals.title')}</h2>
            </div>
            <ApprovalTimeTable answer={answer} />
            <p className={styles['note']}>{t('analysis.approvals.note')}</p>
          </section>
        )
      }
    </AnalysisBoundary>
  )
}

function ApprovalTimeTable({ answer: { rows, total } }: { readonly answer: ApprovalTimeAnswer }) {
  const { t, nameOf } = useAnalysisText()
  return (
    <ScrollArea label={t('analysis.approvals.title')} className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('analysis.approvals.stage')}</th>
            <th scope="col">{t('analysis.approvals.total')}</th>
            <th scope="col">{t('analysis.column.p50')}</th>
            <th scope="col">{t('analysis.column.p90')}</th>
            <th scope="col">{t('analysis.approvals.decided')}</th>
            <th scope="col">{t('analysis.approvals.rejected')}</th>
            <th scope="col">{t('analysis.approvals.automatic')}</th>
            <th scope="col">{t('analysis.approvals.waiting')}</th>
            <th scope="col">{t('analysis.approvals.longest')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.process} ${row.stage}`}>
              <th scope="row">{nameOf(row.name)}</th>
              <TimeCells time={row} />
            </tr>
          ))}
          {rows.length > 1 && (
            <tr>
              <th scope="row">{t('analysis.approvals.all')}</th>
              <TimeCells time={total} />
            </tr>
          )}
        </tbody>
      </table>
    </ScrollArea>
  )
}

function TimeCells({ time }: { readonly time: ApprovalTime }) {
  const { count, duration, hours, share } = useAnalysisText()
  return (
    <>
      <td>{hours(time.totalMs)}</td>
      <td>{duration(time.p50Ms)}</td>
      <td>{duration(time.p90Ms)}</td>
      <td>{count(time.decided)}</td>
      <td>{share(time.rejected, time.decided)}</td>
      <td>{count(time.automatic)}</td>
      <td>{count(time.waiting)}</td>
      <td>{duration(time.longestMs)}</td>
    </>
  )
}
