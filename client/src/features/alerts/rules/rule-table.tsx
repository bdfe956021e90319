import { Switch } from '@mantine/core'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { Link } from '@tanstack/react-router'
import { useHealth } from '../../../api/health.ts'
import { useMe } from '../../../api/session.ts'
import { SeverityMark } from '../../../components/alerts/severity-mark.tsx'
import { DataTable, type Column } from '../../../components/data-table.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import { formatCount, formatShare, missing, withPercentSign } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import pageStyles from '../alerts-page.module.css'
import { useSaveRule } from '../api.ts'
import { requestOf } from './rule-values.ts'
import styles from './rules.module.css'
import { useRuleText } from './use-rule-text.ts'

interface RuleTableProps {
  readonly rules: readonly AlertRuleView[]
  readonly chosen: string | undefined
  readonly onChoose: (id: string) => void
}

export function RuleTable({ rules, chosen, onChoose }: RuleTableProps) {
  const { t, language, nameOf } = useText()
  const { actions } = useMe()
  const duration = useDurationText()
  const isCut = useHealth() === 'unreachable'
  const { ruleTexts, recipientsText } = useRuleText()
  const save = useSaveRule()
  const share = (part: number, total: number): string =>
    total === 0 ? missing : withPercentSign(formatShare(part, total, language), language)
  const columns: Column<AlertRuleView>[] = [
    {
      title: t('alerts.column.enabled'),
      renderCell: (rule) => (
        <Switch
          aria-label={t('alerts.about', {
            action: t('alerts.column.enabled'),
            about: nameOf(translatedName(rule.name, rule.names)),
          })}
          // Updates optimistically; after a refusal the table shows the saved state again.
          checked={save.isPending && save.variables.rule.id === rule.id ? save.variables.body.enabled : rule.enabled}
          disabled={!actions.includes('rules.change') || isCut || save.isPending}
          onChange={({ currentTarget }) =>
            save.mutate({ rule, body: { ...requestOf(rule), enabled: currentTarget.checked } })
          }
        />
      ),
    },
    {
      title: t('alerts.column.rule'),
      renderCell: ({ id, name, names, severity }) => (
        <span className={styles['name']}>
          <SeverityMark severity={severity} isShort />
          <button type="button" className={pageStyles['open']} onClick={() => onChoose(id)}>
            {nameOf(translatedName(name, names))}
          </button>
        </span>
      ),
    },
    {
      title: t('alerts.column.condition'),
      renderCell: (rule) => {
        const { condition, scope } = ruleTexts(rule)
        return (
          <>
            {condition}
            {scope !== '' && <p className={layout['meta']}>{scope}</p>}
          </>
        )
      },
    },
    {
      title: t('alerts.column.recipients'),
      renderCell: ({ ladder }) => ladder.map(({ to }) => recipientsText(to)).join(' → '),
    },
    {
      title: t('alerts.column.week'),
      renderCell: ({ id, week }) => (
        <Link
          to="/alerts"
          search={({ site }) => ({ site, rule: id })}
          aria-label={t('alerts.weekOf', { value: formatCount(week.alertCount, language) })}
        >
          {formatCount(week.alertCount, language)}
        </Link>
      ),
    },
    {
      title: t('alerts.column.actedOn'),
      renderCell: ({ week }) => share(week.acknowledgedCount, week.alertCount),
    },
    {
      title: t('alerts.column.median'),
      kind: 'time',
      renderCell: ({ week: { medianAcknowledgeMs: ms } }) => (ms === undefined ? missing : duration(ms)),
    },
    { title: t('alerts.column.noise'), renderCell: ({ week }) => share(week.noiseCount, week.alertCount) },
  ]
  return (
    <DataTable
      title={t('alerts.tab.rules')}
      columns={columns}
      rows={rules}
      rowKey={({ id }) => id}
      isCurrent={({ id }) => id === chosen}
      isPast={({ enabled }) => !enabled}
      footer={<p className={styles['foot']}>{t('alerts.noiseText')}</p>}
    >
      <ErrorAlert error={save.error} />
    </DataTable>
  )
}
