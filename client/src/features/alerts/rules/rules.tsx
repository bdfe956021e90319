import { Button } from '@mantine/core'
import { readyRules } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Plus } from 'lucide-react'
import { serverTime } from '../../../api/server-time.ts'
import { useMe } from '../../../api/session.ts'
import layout from '../../../components/layout/layout.module.css'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { alertRulesQuery } from '../api.ts'
import { ReadyRules } from './ready-rules.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { RuleFacts } from './rule-facts.tsx'
import { RuleTable } from './rule-table.tsx'
import styles from './rules.module.css'

const newRule = 'new'
/** Followed by the name of the predefined rule with which the new one starts. */
const newReadyRule = 'new-'

/** The rules with the number of their alerts in a week, and the editor of the chosen one. */
export function Rules() {
  const { t, language } = useText()
  const { site, actions } = useMe()
  const query = useQuery(alertRulesQuery(site))
  const { rule: chosen } = useSearch({ from: '/shell/alerts' })
  const navigate = useNavigate({ from: '/alerts' })
  const choose = (rule: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, rule }), resetScroll: false })
  const mayChange = actions.includes('rules.change')
  return (
    <QueryBoundary query={query}>
      {({ rules }) => {
        const rule = rules.find(({ id }) => id === chosen)
        const ready = readyRules.find((each) => chosen === `${newReadyRule}${each}`)
        const isNew = mayChange && (chosen === newRule || ready !== undefined)
        const sum = (of: 'alertCount' | 'messageCount') => rules.reduce((total, { week }) => total + week[of], 0)
        return (
          <>
            <div className={layout['bar']}>
              <p className={layout['barText']}>
                {rules.length > 0 &&
                  t('alerts.weekSummary', {
                    alerts: formatCount(sum('alertCount'), language),
                    messages: formatCount(sum('messageCount'), language),
                  })}
              </p>
              {mayChange && (
                <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => choose(newRule)}>
                  {t('alerts.newRule')}
                </Button>
              )}
            </div>
            <div className={clsx(layout['columns'], (rule !== undefined || isNew) && styles['withEditor'])}>
              <div className={layout['stack']}>
                {rules.length > 0 && <RuleTable rules={rules} chosen={rule?.id} onChoose={choose} />}
                {(mayChange || rules.length === 0) && (
                  <ReadyRules rules={rules} onCreated={choose} onOpen={(name) => choose(`${newReadyRule}${name}`)} />
                )}
              </div>
              {(rule !== undefined || isNew) &&
                (mayChange ? (
                  <RuleEditor
                    key={rule?.id ?? chosen}
                    rule={rule}
                    ready={ready}
                    asOf={serverTime(query.dataUpdatedAt)}
                    onDone={choose}
                  />
                ) : (
                  rule !== undefined && <RuleFacts rule={rule} onClose={() => choose(undefined)} />
                ))}
            </div>
          </>
        )
      }}
    </QueryBoundary>
  )
}
