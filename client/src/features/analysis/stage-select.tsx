import { NativeSelect } from '@mantine/core'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { useAnalysisText } from './use-analysis-text.ts'

interface StageSelectProps {
  readonly stages: readonly { readonly key: string; readonly name: LocalText; readonly process?: string | undefined }[]
  /** Codes of the chosen stage and its process. Undefined: all stages. */
  readonly stage: string | undefined
  readonly of: string | undefined
  readonly allowsAll: boolean
  readonly onChange: (change: { readonly stage: string | undefined; readonly of: string | undefined }) => void
}

/** A choice between the stages of the result, with the process where two stages have the same name. */
export function StageSelect({ stages, stage, of, allowsAll, onChange }: StageSelectProps) {
  const { t, nameOf } = useAnalysisText()
  const names = stages.map(({ name }) => nameOf(name))
  const options = stages.map(({ key, process = '' }, place) => {
    const name = names[place] ?? key
    const isAmbiguous = names.indexOf(name) !== names.lastIndexOf(name)
    return { value: String(place), label: isAmbiguous ? `${name} · ${process}` : name }
  })
  const chosen = stages.findIndex(({ key, process }) => key === stage && (of === undefined || process === of))
  // The stage in the URL may have no visits in the period.
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
