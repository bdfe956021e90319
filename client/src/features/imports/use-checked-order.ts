import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { importOrder, type ImportOrder, type UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/request.ts'
import { useCheckUpload } from './api.ts'
import { isSameOrder, tableOf, type KnownTable } from './mapping/edit-order.ts'

/** After the last change of a field. */
const checkAfterMs = 600

export interface CheckedOrder {
  readonly order: ImportOrder
  readonly change: (order: ImportOrder) => void
  /** What is wrong with fields, by their path in the order: `mapping.timezone`. */
  readonly issues: ReadonlyMap<string, FieldIssue>
  /** Of the order as it is, or of the one before it; undefined: none was made yet. */
  readonly report: ImportReport | undefined
  readonly table: KnownTable | undefined
  /**
   * `checking`: of what is shown something may still change; `refused`: the server has not begun to check, see `error`.
   */
  readonly state: 'checking' | 'done' | 'failed' | 'stopped' | 'invalid' | 'refused'
  readonly error: Error | null
  readonly checkAgain: () => void
}

/** How a file is to be read, checked again at the server after each change. */
export function useCheckedOrder(upload: UploadView, initial: ImportOrder): CheckedOrder {
  const { check } = upload
  const [order, setOrder] = useState<ImportOrder>(() => check?.order ?? initial)
  const asked = useRef(check?.order)
  const ask = useCheckUpload(upload.id)
  const { mutate } = ask
  const parsed = importOrder.safeParse(order)
  const isValid = parsed.success
  useEffect(() => {
    if (!isValid || (asked.current !== undefined && isSameOrder(asked.current, order))) return undefined
    const begin = (): void => {
      asked.current = order
      mutate(order)
    }
    // The first time nobody is about to change more.
    const timer = setTimeout(begin, asked.current === undefined ? 0 : checkAfterMs)
    return () => clearTimeout(timer)
  }, [order, isValid, mutate])

  const isOfOrder = check !== undefined && isSameOrder(check.order, order)
  const [report, setReport] = useState(check?.report)
  const [table, setTable] = useState(() => tableOf(check, check?.report))
  if (check?.report !== undefined && check.report !== report) setReport(check.report)
  const newest = tableOf(check, check?.report)
  if (newest !== undefined && newest !== table) setTable(newest)
  return {
    order,
    change: setOrder,
    issues: issuesOf(
      parsed.error === undefined ? [] : fieldIssues(parsed.error),
      ask.error,
      isOfOrder ? check.problem?.details : undefined,
    ),
    report,
    table,
    state: stateOf(),
    error: ask.error,
    checkAgain: () => {
      asked.current = order
      mutate(order)
    },
  }

  function stateOf(): CheckedOrder['state'] {
    if (!isValid) return 'invalid'
    if (ask.isError) return 'refused'
    if (!isOfOrder || ask.isPending || check.state === 'waiting' || check.state === 'running') return 'checking'
    return check.state
  }
}

/** Fields of the mapping are called without its name by what reads the file. */
function issuesOf(
  own: readonly FieldIssue[],
  error: Error | null,
  ofCheck: readonly FieldIssue[] = [],
): ReadonlyMap<string, FieldIssue> {
  const ofServer = [...(error instanceof ApiError ? error.details : []), ...ofCheck]
  const all = [...own, ...ofServer]
  return new Map(
    all.map((issue) => [
      /^(mapping|discover|terminal)\b/.test(issue.field) ? issue.field : `mapping.${issue.field}`,
      issue,
    ]),
  )
}
