import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import type { LoosenedLimit } from '@stagewatch/shared/domain/loosened-limits.ts'
import { TriangleAlert } from 'lucide-react'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import styles from './dry-run.module.css'

/** Maximum number of stages listed individually. */
const mostStages = 5

interface LooseningWarningProps {
  readonly loosened: readonly LoosenedLimit[]
  /** Result of the latest dry run, with the actual dwell times. */
  readonly result: DryRunResult | undefined
}

/** Explains what a looser limit changes and what it does not. */
export function LooseningWarning({ loosened, result }: LooseningWarningProps) {
  const { t, nameOf } = useText()
  const { definition, live } = useProcess()
  const durationText = useDurationText()
  if (loosened.length === 0) return null
  const codesOf = (limits: readonly LoosenedLimit[]): string[] => [...new Set(limits.map(({ stage }) => stage))]
  const stages = codesOf(loosened.filter(({ isCertain }) => isCertain))
  const perhaps = codesOf(loosened).filter((code) => !stages.includes(code))
  const nameOfStage = (code: string): string => {
    const stage = [...definition.stages, ...live.stages].find((one) => one.code === code)
    return stage === undefined ? code : nameOf(stage.name)
  }
  const realText = (code: string): string => {
    const { p50Ms, p90Ms } = result?.stages.find(({ stage }) => stage === code) ?? {}
    const name = nameOfStage(code)
    if (p50Ms === undefined || p90Ms === undefined) return t('processes.loosened.stage', { stage: name })
    return t('processes.loosened.real', { stage: name, p50: durationText(p50Ms), p90: durationText(p90Ms) })
  }
  return (
    <div className={styles['warning']} role="note">
      <h3>
        <TriangleAlert size={16} aria-hidden /> {t('processes.loosened.title')}
      </h3>
      <ul>
        {stages.slice(0, mostStages).map((code) => (
          <li key={code}>{realText(code)}</li>
        ))}
        {stages.length > mostStages && <li>{t('changes.more', { count: stages.length - mostStages })}</li>}
        {perhaps.length > 0 && (
          <li>{t('processes.loosened.perhaps', { stages: perhaps.map(nameOfStage).join(t('listComma')) })}</li>
        )}
      </ul>
      <p>{t('processes.loosened.text')}</p>
    </div>
  )
}
