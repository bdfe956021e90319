import { NativeSelect } from '@mantine/core'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { useAnalysisText } from './use-analysis-text.ts'

interface StageSelectProps {
  readonly stages: readonly { readonly key: string; readonly name: LocalText; readonly process?: string | undefined }[]
  /** Code of the chosen one and its process; undefined: all. */
  readonly stage: string | undefined
  readonly of: string | undefined
  readonly allowsAll: boolean
  readonly onChange: (change: { readonly stage: string | undefined; readonly of: string | undefined }) => void
}

/** One of the stages of the answer, told apart by process where two are called the same. */
export function StageSelect({ stages, stage, of, allowsAll, onChange }: StageSelectProps) {
  const { t, nameOf } = useAnalysisText()
  const names = stages.map(({ name }) => nameOf(name))
  const options = stages.map(({ key, process = '' }, place) => {
    const name = names[place] ?? key
    const isAmbiguous = names.indexOf(name) !== names.lastIndexOf(name)
    return { value: String(place), label: isAmbiguous ? `${name} · ${process}` : name }
  })
  const chosen = stages.findIndex(({ key, process }) => key === stage && (of === undefined || process === of))
  // What an address names may have no visits in the period.
  const unknown = stage !== undefined && chosen === -1 ? [{ value: 'unknown', label: stage }] : []
  return (
    <NativeSelect
      size="xs"
      aria-label={t('analysis.stage.label')}
      value={chosen >= 0 ? String(chosen) : stage === undefined ? '' : 'unknown'}
      data={[...(allowsAll ? [{ value: '', label: t('analysis.stage.all') }] : []), ...unknown, ...options]}
      onChange={({ currentTarget: { value } }) => {
        const found = value === '' ? undefined : stages[Number(value)]
        onChange({ stage: found?.key, of: found?.process })
      }}
    />
  )
}
