import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { withField } from '../draft-edits.ts'
import { changedStageFields, type StageField } from '../process-changes.ts'
import { useLiveStage, useProcess } from '../process-context.ts'
import { useFieldText } from '../use-field-text.ts'
import { useReaders } from '../use-readers.ts'
import { ChoiceCell, PlainCell, TextCell } from './cells.tsx'
import styles from './limits-table.module.css'

interface LimitsRowProps {
  readonly stage: StageDefinition
  readonly className: string
  /** Drag handle of the row. */
  readonly handle: ReactNode
  readonly departmentList: string
}

type Duration = 'targetMs' | 'stallAfterMs'
type Ratio = 'warnAtRatio' | 'toleranceRatio'

export function LimitsRow({ stage, className, handle, departmentList }: LimitsRowProps) {
  const { t, language, nameOf } = useText()
  const { dispatch, calendars, nameOfDepartment, selected, select } = useProcess()
  const { fieldText, calendarText, limitText } = useFieldText()
  const { durationText, readDuration, percentText, readPercent } = useReaders()
  const live = useLiveStage(stage.code)
  const changed = new Set(live === undefined ? [] : changedStageFields(live, stage))
  const name = nameOf(stage.name)
  const other = Object.entries(stage.name).find(([code, text]) => code !== language && text !== '' && text !== name)

  const labelOf = (field: StageField): string =>
    t('processes.table.cell', { field: t(`processes.field.${field}`), stage: name })
  const wasOf = (field: StageField): string | undefined =>
    live !== undefined && changed.has(field) ? fieldText(live, field) : undefined
  const set = <Name extends StageField>(field: Name, value: StageDefinition[Name] | undefined): void =>
    dispatch?.({ kind: 'stage', stage: withField(stage, field, value) })

  const plain = (field: StageField) => <PlainCell text={fieldText(stage, field)} was={wasOf(field)} />
  const duration = (field: Duration) =>
    dispatch === undefined ? (
      plain(field)
    ) : (
      <TextCell
        label={labelOf(field)}
        was={wasOf(field)}
        text={durationText(stage[field])}
        read={(text) => readDuration(text, { mayBeEmpty: true })}
        onCommit={(value) => set(field, value)}
      />
    )
  const ratio = (field: Ratio) =>
    dispatch === undefined ? (
      plain(field)
    ) : (
      <TextCell
        label={labelOf(field)}
        was={wasOf(field)}
        text={percentText(stage[field])}
        read={(text) => readPercent(text)}
        onCommit={(value) => value !== undefined && set(field, value)}
      />
    )
  const { targetMs: _target, ...besides } = stage
  const further = [
    limitText(besides),
    stage.targets === undefined ? '' : t('processes.ruleCount', { count: stage.targets.length }),
  ]

  return (
    <tr
      data-item={stage.code}
      className={clsx(className, selected.stage === stage.code && styles['selected'])}
      aria-current={selected.stage === stage.code || undefined}
    >
      <td className={styles['handle']}>{handle}</td>
      <th scope="row" className={styles['stage']}>
        <button type="button" className={styles['name']} onClick={() => select({ stage: stage.code })}>
          <strong>{name}</strong> {other !== undefined && <span lang={other[0]}>{other[1]}</span>}
          {live === undefined && <span className={styles['new']}>{t('processes.new')}</span>}
        </button>
      </th>
      <td>
        {duration('targetMs')}
        {further.some((part) => part !== '') && (
          <span className={styles['further']}>{further.filter((part) => part !== '').join(' · ')}</span>
        )}
      </td>
      <td>
        {dispatch === undefined ? (
          plain('calendar')
        ) : (
          <ChoiceCell
            label={labelOf('calendar')}
            was={wasOf('calendar')}
            value={stage.calendar ?? ''}
            text={calendarText(stage.calendar)}
            onChange={(code) => set('calendar', code === '' ? undefined : code)}
          >
            <option value="">{t('processes.usualCalendar')}</option>
            {calendars.map(({ definition }) => (
              <option key={definition.code} value={definition.code}>
                {nameOf(definition.name)}
              </option>
            ))}
          </ChoiceCell>
        )}
      </td>
      <td>{ratio('warnAtRatio')}</td>
      <td>{duration('stallAfterMs')}</td>
      <td>{ratio('toleranceRatio')}</td>
      <td>
        {dispatch === undefined ? (
          <PlainCell
            text={stage.department === undefined ? missing : nameOfDepartment(stage.department)}
            was={wasOf('department')}
          />
        ) : (
          <TextCell
            label={labelOf('department')}
            was={wasOf('department')}
            text={stage.department ?? ''}
            read={(text) => ({ value: text.trim() === '' ? undefined : text.trim().slice(0, 200) })}
            onCommit={(value) => set('department', value)}
            list={departmentList}
          />
        )}
      </td>
    </tr>
  )
}
