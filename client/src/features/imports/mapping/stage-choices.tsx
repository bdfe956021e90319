import { Checkbox, Switch } from '@mantine/core'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { processesQuery } from '../../../api/site-queries.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import layout from '../../../components/layout/layout.module.css'
import note from '../../../components/note.module.css'
import { formatCount } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import type { CheckedOrder } from '../use-checked-order.ts'
import styles from './mapping.module.css'

type StageChoicesProps = Pick<CheckedOrder, 'order' | 'change' | 'report'>

/** The stages of the file: which ones are created, and which ones end an order. */
export function StageChoices({ order, change, report }: StageChoicesProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { site, actions } = useMe()
  const known = useKnownStages(site, report?.process?.code ?? order.mapping.process)
  const stages = report === undefined ? [] : stagesOf(report)
  const proposed = report?.process?.stages.filter((stage) => stage.terminal).map(({ code }) => code) ?? []
  // A choice shows at once, while the report follows only after the next check.
  const chosen = order.terminal.length > 0 ? order.terminal : proposed.filter((code) => known?.has(code) !== true)
  return (
    <section className={card['card']} id="import-terminal">
      <h2 className={card['title']}>
        {t('imports.map.stages')}{' '}
        {stages.length > 0 && <span className={card['titleNote']}>{formatCount(stages.length, language)}</span>}
      </h2>
      {actions.includes('rules.change') && (
        <Switch
          label={t('imports.map.discover')}
          description={t('imports.map.discoverHint')}
          checked={order.discover}
          onChange={({ currentTarget: { checked } }) =>
            change({ ...order, discover: checked, terminal: checked ? order.terminal : [] })
          }
        />
      )}
      <ScrollArea label={t('imports.map.stages')} className={styles['stages']}>
        <ul>
          {stages.map(({ code, rows, targetMs }) => {
            const isNew = order.discover && known !== undefined && !known.has(code)
            return (
              <li key={code} className={styles['stage']}>
                <span className={layout['break']}>
                  {code} {isNew && <span className={note['badge']}>{t('imports.map.stageNew')}</span>}
                </span>
                <span className={clsx(layout['meta'], styles['stageFacts'])}>
                  {rows !== undefined &&
                    t('imports.map.stageRows', { count: rows, shown: formatCount(rows, language) })}
                  {isNew && targetMs !== undefined && (
                    <span>{t('imports.map.stageTarget', { time: duration(targetMs) })}</span>
                  )}
                </span>
                {order.discover && (
                  <Checkbox
                    size="sm"
                    label={t('imports.map.terminal')}
                    aria-label={t('imports.map.terminalOf', { stage: code })}
                    checked={chosen.includes(code) || known?.get(code)?.terminal === true}
                    // Whether an existing stage ends an order is changed with the rules of the process.
                    disabled={known?.has(code) === true && !chosen.includes(code)}
                    onChange={({ currentTarget: { checked } }) =>
                      change({
                        ...order,
                        terminal: checked ? [...chosen, code] : chosen.filter((other) => other !== code),
                      })
                    }
                  />
                )}
              </li>
            )
          })}
        </ul>
      </ScrollArea>
    </section>
  )
}

/** The stages of the site, by code. Undefined: not known yet. */
function useKnownStages(site: string, process: string | undefined) {
  const { data } = useQuery(processesQuery(site))
  if (data === undefined) return undefined
  const code = process ?? data.defaultProcess
  const stages = data.processes.find((each) => each.code === code)?.stages ?? []
  return new Map(stages.map((stage) => [stage.code, stage]))
}

/** In the order of the process if one is learned, otherwise the most frequent first. */
function stagesOf({ process, stageNames }: ImportReport) {
  const rowsOf = new Map(stageNames.first.map(({ stage, rows }) => [stage, rows]))
  if (process === undefined)
    return stageNames.first.map(({ stage, rows }) => ({ code: stage, rows, targetMs: undefined }))
  return process.stages.map(({ code, targetMs }) => ({ code, rows: rowsOf.get(code), targetMs }))
}
