import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { importOrder, type ImportOrder, type UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/request.ts'
import { useCheckUpload } from './api.ts'
import { isSameOrder, tableOf, type KnownTable } from './mapping/edit-order.ts'

/** Delay of the check after the last change. */
const checkAfterMs = 600

export interface CheckedOrder {
  readonly order: ImportOrder
  readonly change: (order: ImportOrder) => void
  /** Validation errors by the path of the field: `mapping.timezone`. */
  readonly issues: ReadonlyMap<string, FieldIssue>
  /** Report of the current settings or of the previous ones. Undefined: there is none yet. */
  readonly report: ImportReport | undefined
  readonly table: KnownTable | undefined
  /** `checking`: the displayed report may still change. `refused`: the server did not start the check, see `error`. */
  readonly state: 'checking' | 'done' | 'failed' | 'stopped' | 'invalid' | 'refused'
  readonly error: Error | null
  readonly checkAgain: () => void
}

/** Settings for reading a file, checked by the server after every change. */
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
    // The first check starts at once, because no further changes are expected.
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

/** Adds the missing `mapping` prefix to the paths reported by the file reader. */
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
