import { ActionIcon } from '@mantine/core'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { TargetRule } from '@stagewatch/shared/domain/target-rule.ts'
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import { useFieldText } from '../use-field-text.ts'
import { Section } from './fields.tsx'
import styles from './inspector.module.css'
import { RuleEditor } from './rule-editor.tsx'

const iconSize = 15
const maxRules = 100

interface ConditionalLimitsProps {
  readonly stage: StageDefinition
  readonly onChange: (rules: readonly TargetRule[]) => void
}

/** Limits for some orders. The first matching rule applies, so the rules can be reordered. */
export function ConditionalLimits({ stage, onChange }: ConditionalLimitsProps) {
  const { t } = useText()
  const { dispatch } = useProcess()
  const { conditionText, ruleText } = useFieldText()
  const [edited, setEdited] = useState<number>()
  const { targets: rules = [] } = stage
  const move = (at: number, to: number): void => {
    const rule = rules[at]
    if (rule !== undefined) onChange(rules.toSpliced(at, 1).toSpliced(to, 0, rule))
    setEdited(undefined)
  }
  return (
    <Section
      title={t('processes.field.targets')}
      action={
        dispatch !== undefined &&
        rules.length < maxRules && (
          <button
            type="button"
            className={styles['textButton']}
            onClick={() => {
              onChange([...rules, { when: {} }])
              setEdited(rules.length)
            }}
          >
            <Plus size={14} aria-hidden /> {t('processes.addRule')}
          </button>
        )
      }
    >
      {rules.length === 0 ? (
        <p className={layout['meta']}>{t('processes.noRules')}</p>
      ) : (
        <>
          <p className={layout['meta']}>{t('processes.firstCounts')}</p>
          <ol className={styles['rules']}>
            {rules.map((rule, at) => {
              const sentence = conditionText(rule.when)
              return (
                // A rule has no id; its index identifies it.
                // oxlint-disable-next-line react/no-array-index-key
                <li key={at}>
                  <div className={styles['rule']}>
                    <span className={styles['condition']}>{sentence}</span>
                    <strong>{ruleText(rule)}</strong>
                  </div>
                  {dispatch !== undefined && (
                    <div className={styles['ruleTools']}>
                      <ActionIcon
                        variant="subtle"
                        aria-label={t('processes.ruleUp', { rule: sentence })}
                        disabled={at === 0}
                        onClick={() => move(at, at - 1)}
                      >
                        <ArrowUp size={iconSize} aria-hidden />
                      </ActionIcon>
                      <ActionIcon
                        variant="subtle"
                        aria-label={t('processes.ruleDown', { rule: sentence })}
                        disabled={at === rules.length - 1}
                        onClick={() => move(at, at + 1)}
                      >
                        <ArrowDown size={iconSize} aria-hidden />
                      </ActionIcon>
                      <ActionIcon
                        variant="subtle"
                        aria-label={t('processes.ruleEdit', { rule: sentence })}
                        aria-expanded={edited === at}
                        onClick={() => setEdited(edited === at ? undefined : at)}
                      >
                        <Pencil size={iconSize} aria-hidden />
                      </ActionIcon>
                      <ActionIcon
                        variant="subtle"
                        aria-label={t('processes.ruleDelete', { rule: sentence })}
                        onClick={() => {
                          onChange(rules.toSpliced(at, 1))
                          setEdited(undefined)
                        }}
                      >
                        <Trash2 size={iconSize} aria-hidden />
                      </ActionIcon>
                    </div>
                  )}
                  {edited === at && <RuleEditor rule={rule} onChange={(next) => onChange(rules.with(at, next))} />}
                </li>
              )
            })}
          </ol>
        </>
      )}
    </Section>
  )
}
