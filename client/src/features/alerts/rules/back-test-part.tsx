import { Button } from '@mantine/core'
import { alertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { clsx } from 'clsx'
import { Play, X } from 'lucide-react'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { useText } from '../../../locales/use-text.ts'
import { useBackTest } from '../api.ts'
import { BackTestAnswer } from './back-test-answer.tsx'
import styles from './rules.module.css'

const days = 30

interface BackTestPartProps {
  readonly values: AlertRuleRequest
  /** Called when the values are not a valid rule, so that the fields show their errors. */
  readonly onRefuse: () => void
}

/** The alerts that the rule would have raised, shown before it notifies anybody. */
export function BackTestPart({ values, onRefuse }: BackTestPartProps) {
  const { t } = useText()
  const { state, run, cancel } = useBackTest()
  const isOutdated = state.kind === 'done' && changedFields(tested(state.rule), tested(values)).length > 0
  const begin = (): void => {
    // A name is required for saving a rule, but not for testing it.
    const { data } = alertRuleRequest.safeParse({ ...values, name: values.name.trim() || t('alerts.newRule') })
    if (data === undefined) onRefuse()
    else run(data, days)
  }
  return (
    <section className={styles['try']} aria-label={t('alerts.try.title')}>
      <div className={layout['row']}>
        {state.kind === 'running' ? (
          <>
            <progress aria-label={t('alerts.try.running')} />
            <Button variant="default" leftSection={<X size={16} aria-hidden />} onClick={cancel}>
              {t('desk.cancel')}
            </Button>
          </>
        ) : (
          <OnlineButton variant="default" leftSection={<Play size={16} aria-hidden />} onClick={begin}>
            {t('alerts.try.run', { count: days })}
          </OnlineButton>
        )}
      </div>
      {state.kind === 'failed' && <ErrorAlert error={state.error} />}
      {isOutdated && (
        <p className={clsx(note['note'], note['warning'])} role="status">
          {t('alerts.try.outdated')}
        </p>
      )}
      {state.kind === 'done' && <BackTestAnswer result={state.result} condition={state.rule.condition} />}
    </section>
  )
}

/** The parts of a rule that affect the result. */
function tested({ condition, scope }: AlertRuleRequest) {
  return { condition, scope }
}
