import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { useMe } from '../../../api/session.ts'
import layout from '../../../components/layout/layout.module.css'
import { ownTimeZone } from '../../../format/time-zone.ts'
import { Figures } from './figures.tsx'
import { FileFacts } from './file-facts.tsx'
import { FindingList } from './finding-list.tsx'
import { findingsOf, type Fix } from './findings.ts'
import { NewStages } from './new-stages.tsx'
import { Rejections } from './rejections.tsx'
import styles from './report.module.css'

interface ReportViewProps {
  readonly report: ImportReport
  readonly order: ImportOrder
  readonly file: string
  readonly bytes?: number
  readonly hash?: string | undefined
  /** Epoch ms. */
  readonly now: number
  /** Undefined: the rows were imported, and nothing can be changed any more. */
  readonly onFix?: (fix: Fix) => void
}

/** How a file was interpreted, and the result of its rows, expected or actual. */
export function ReportView({ report, order, file, bytes, hash, now, onFix }: ReportViewProps) {
  const { site, sites } = useMe()
  const ofSite = sites.find(({ code }) => code === site)?.timeZone
  const timezones = [...new Set([...(ofSite === undefined ? [] : [ofSite]), ownTimeZone()])]
  const findings = findingsOf(report, { order, now, timezones })
  return (
    <>
      <Figures report={report} now={now} />
      <div className={styles['report']}>
        <div className={layout['stack']}>
          <FileFacts report={report} file={file} bytes={bytes} hash={hash} mapping={order.mapping} />
          {report.process !== undefined && <NewStages process={report.process} isDone={!report.dryRun} />}
        </div>
        <div className={layout['stack']}>
          <Rejections report={report} onFix={onFix} />
          <FindingList findings={findings} onFix={onFix} />
        </div>
      </div>
    </>
  )
}
