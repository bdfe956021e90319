import { Button } from '@mantine/core'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { isConditionOf, readyRules } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import type { ReadyRule } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import { clsx } from 'clsx'
import { Plus } from 'lucide-react'
import { useMe } from '../../../api/session.ts'
import { SeverityMark } from '../../../components/alerts/severity-mark.tsx'
import card from '../../../components/card.module.css'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { OnlineButton } from '../../../components/online-button.tsx'
import { useText } from '../../../locales/use-text.ts'
import { useCreateRule } from '../api.ts'
import { needsStages, readyRequest } from './rule-values.ts'
import styles from './rules.module.css'
import { useRuleText } from './use-rule-text.ts'

interface ReadyRulesProps {
  readonly rules: readonly AlertRuleView[]
  readonly onCreated: (id: string) => void
  /** Called for a rule that lacks something that only people can tell. */
  readonly onOpen: (ready: ReadyRule) => void
}

/** Predefined rules that can be enabled with one click, without those that the site already has. */
export function ReadyRules({ rules, onCreated, onOpen }: ReadyRulesProps) {
  const { t, language } = useText()
  const { actions } = useMe()
  const { conditionText, recipientsText } = useRuleText()
  const create = useCreateRule()
  const left = readyRules
    .filter((ready) => !rules.some(({ condition }) => isConditionOf(ready, condition)))
    .map((ready) => ({ ready, rule: readyRequest(ready, language) }))
  if (!actions.includes('rules.change')) {
    return (
      <EmptyState title={t('alerts.noRules')}>
        <p>{t('alerts.noRulesText')}</p>
      </EmptyState>
    )
  }
  if (left.length === 0) return null
  return (
    <section className={clsx(card['card'], card['flush'])} aria-labelledby="ready-rules">
      <h2 id="ready-rules" className={card['title']}>
        {t('alerts.readyTitle')} <span className={card['titleNote']}>{t('alerts.readyText')}</span>
      </h2>
      <ErrorAlert error={create.error} />
      <ul className={styles['ready']}>
        {left.map(({ ready, rule }) => (
          <li key={ready} className={layout['listRow']}>
            <div>
              <p className={layout['row']}>
                <SeverityMark severity={rule.severity} isShort />
                <strong>{rule.name}</strong>
              </p>
              <p className={layout['meta']}>
                {conditionText(rule.condition)}
                {' → '}
                {rule.ladder.map(({ to }) => recipientsText(to)).join(' → ')}
              </p>
            </div>
            {needsStages(rule.condition) ? (
              <Button
                variant="default"
                aria-label={t('alerts.about', { action: t('alerts.chooseStages'), about: rule.name })}
                onClick={() => onOpen(ready)}
              >
                {t('alerts.chooseStages')}
              </Button>
            ) : (
              <OnlineButton
                variant="default"
                aria-label={t('alerts.about', { action: t('alerts.switchOn'), about: rule.name })}
                leftSection={<Plus size={16} aria-hidden />}
                loading={create.isPending && create.variables.names === rule.names}
                disabled={create.isPending}
                onClick={() =>
                  create.mutate(rule, {
                    onSuccess: ({ id }) => {
                      notifyDone(t('alerts.created', { name: rule.name }))
                      onCreated(id)
                    },
                  })
                }
              >
                {t('alerts.switchOn')}
              </OnlineButton>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
