import { isBreakOffCode, isFileProblemCode, type FileProblem } from '@stagewatch/shared/contract/file-problem.ts'
import { rejectionCauses, type ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { importColumns } from '@stagewatch/shared/contract/import-mapping.ts'
import { useText } from '../../../locales/use-text.ts'
import type { Finding, Fix } from './findings.ts'
import { formatCount } from '../../../format/quantity.ts'

const rejectionCodes = [
  'missing_field',
  'invalid_time',
  'invalid_text',
  'invalid_field',
  'too_large',
  'bad_request',
  'unknown_stage',
  'unknown_process',
  'conflict',
  'occurred_in_future',
  'order_full',
  'order_archived',
] as const

/** Why a row was rejected. The general texts of these codes address senders of events. */
export function useRejectionText(): (group: Pick<ImportReport['rejections'][number], 'code' | 'cause'>) => string {
  const { t } = useText()
  return ({ code, cause }) => {
    const known = rejectionCauses.find((each) => each === cause)
    if (known !== undefined) return t(`imports.rejectionCause.${known}`)
    const own = rejectionCodes.find((each) => each === code)
    return own === undefined ? t(`problem.${code}`) : t(`imports.rejection.${own}`)
  }
}

/** Why a file cannot be read. Undefined: the cause has no translation. */
export function useFileProblemText(): (problem: FileProblem) => string | undefined {
  const { t } = useText()
  const namesOf = (codes: string): string =>
    codes
      .split(',')
      .map((code) => {
        const name = importColumns.find((each) => each === code)
        return name === undefined ? code : t(`imports.column.${name}`)
      })
      .join(t('listComma'))
  return ({ code, params }) => {
    if (!isFileProblemCode(code)) return undefined
    const { column, columns } = params
    return t(`imports.fileProblem.${code}`, {
      ...params,
      ...(column !== undefined && { column: namesOf(String(column)) }),
      ...(columns !== undefined && { columns: namesOf(String(columns)) }),
    })
  }
}

/** Why an import stopped before the end of its file. Undefined: the cause has no translation. */
export function useBreakOffText(): (cause: FileProblem | undefined) => string | undefined {
  const { t } = useText()
  const fileProblemText = useFileProblemText()
  return (cause) => {
    if (cause === undefined) return undefined
    return isBreakOffCode(cause.code) ? t(`imports.breakOff.${cause.code}`) : fileProblemText(cause)
  }
}

/** Describes a finding as a sentence. */
export function useFindingText(): (finding: Finding) => string {
  const { t, language } = useText()
  return (finding) => {
    const { count } = finding
    const shown = formatCount(count, language)
    switch (finding.kind) {
      case 'remark':
        return t(`imports.remark.${finding.code}`, { ...finding.params, count, shown })
      case 'other':
        return finding.text
      case 'alike':
        return t('imports.finding.alike', { stages: finding.stages.join(' / ') })
      case 'undecided':
        return t('imports.finding.undecided', { count, shown, header: finding.header })
      case 'dateOnly':
        return t('imports.finding.dateOnly', { count, shown, header: finding.header })
      case 'numbers': {
        const { header, example } = finding
        const openAs = t(`imports.finding.openAs.${openAsOf(finding.openAs)}`)
        return t('imports.finding.numbers', { count, shown, header, example, openAs })
      }
      case 'cells': {
        const { column, example } = finding
        return t(`imports.cells.${finding.cause}`, { count, shown, column, example })
      }
      case 'unchanged':
        return t('imports.finding.unchanged', { stages: finding.stages.join(t('listComma')) })
      default:
        return t(`imports.finding.${finding.kind}`)
    }
  }
}

function openAsOf(openAs: string): 'decimals' | 'thousands' | 'both' {
  return openAs === 'decimals' || openAs === 'thousands' ? openAs : 'both'
}

export function useFixText(): (fix: Fix) => string {
  const { t } = useText()
  return (fix) => {
    switch (fix.kind) {
      case 'quote':
        return t(`imports.fix.quote.${fix.value}`)
      case 'as':
        return t(`imports.fix.as.${fix.value}`)
      case 'goTo':
        return t(`imports.fix.goTo.${fix.field}`)
      case 'duplicates':
        return t(`imports.fix.duplicates.${fix.value}`)
      case 'reuseAfter':
        return t('imports.fix.reuseAfter')
      case 'decimalComma':
      case 'preset':
      case 'addStages':
        return t(`imports.fix.${fix.kind}`)
      default:
        return t(`imports.fix.${fix.kind}`, { value: fix.value })
    }
  }
}
