import { clsx } from 'clsx'
import { GripVertical } from 'lucide-react'
import { useId } from 'react'
import card from '../../../components/card.module.css'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import { useReorder } from '../strip/use-reorder.ts'
import { LimitsRow } from './limits-row.tsx'
import styles from './limits-table.module.css'

const columns = ['targetMs', 'calendar', 'warnAtRatio', 'stallAfterMs', 'toleranceRatio', 'department'] as const

/** All stages with their limits, edited in place. */
export function LimitsTable() {
  const { t } = useText()
  const { definition, dispatch, departments, nameOfDepartment } = useProcess()
  const departmentList = useId()
  const codes = definition.stages.map(({ code }) => code)
  const { list, drag, start } = useReorder<HTMLTableSectionElement>({
    codes,
    axis: 'y',
    onMove: (code, to) => dispatch?.({ kind: 'moveStage', code, to }),
  })
  const ofStages = definition.stages.flatMap(({ department }) => department ?? [])
  return (
    <section className={clsx(card['card'], card['flush'], styles['card'])}>
      <h2 className={card['title']}>
        {t('processes.table.title')}{' '}
        <span className={card['titleNote']}>
          {t(dispatch === undefined ? 'processes.table.hintReadOnly' : 'processes.table.hint')}
        </span>
      </h2>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th>
              <span className="hidden-text" data-may-truncate>
                {t('processes.table.move')}
              </span>
            </th>
            <th>{t('processes.stage')}</th>
            {columns.map((column) => (
              <th key={column}>{t(`processes.field.${column}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody ref={list}>
          {definition.stages.map((stage, at) => (
            <LimitsRow
              key={stage.code}
              stage={stage}
              departmentList={departmentList}
              className={clsx(
                drag?.code === stage.code && styles['dragged'],
                drag?.before === at && styles['dropBefore'],
                drag?.before === codes.length && at === codes.length - 1 && styles['dropAfter'],
              )}
              handle={
                dispatch !== undefined && (
                  <span className={styles['grip']} aria-hidden onPointerDown={start(stage.code)}>
                    <GripVertical size={16} />
                  </span>
                )
              }
            />
          ))}
        </tbody>
      </table>
      <datalist id={departmentList}>
        {[...new Set([...departments, ...ofStages])].map((department) => (
          <option key={department} value={department}>
            {nameOfDepartment(department)}
          </option>
        ))}
      </datalist>
    </section>
  )
}
