import { CloseButton } from '@mantine/core'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { SeverityMark } from '../../../components/alerts/severity-mark.tsx'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import styles from './rules.module.css'
import { useRuleText } from './use-rule-text.ts'

/** Read-only view of a rule. */
export function RuleFacts({ rule, onClose }: { readonly rule: AlertRuleView; readonly onClose: () => void }) {
  const { t, nameOf } = useText()
  const { ruleTexts, recipientsText, durationText } = useRuleText()
  const { condition, scope } = ruleTexts(rule)
  return (
    <section className={card['card']} aria-labelledby="alert-rule">
      <div className={styles['head']}>
        <h2 id="alert-rule">{nameOf(translatedName(rule.name, rule.names))}</h2>
        <CloseButton aria-label={t('desk.close')} onClick={onClose} />
      </div>
      <p>
        <SeverityMark severity={rule.severity} />
      </p>
      <p>{condition}</p>
      {scope !== '' && <p className={layout['meta']}>{scope}</p>}
      <h3 className={styles['part']}>{t('alerts.part.ladder')}</h3>
      <ol>
        {rule.ladder.map(({ afterMs, to }) => (
          <li key={afterMs}>
            {recipientsText(to)}
            {' · '}
            {afterMs === 0 ? t('alerts.atOnce') : t('alerts.afterTime', { time: durationText(afterMs, 'working') })}
          </li>
        ))}
      </ol>
    </section>
  )
}
