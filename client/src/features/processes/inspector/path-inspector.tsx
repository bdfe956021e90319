import { Button, NativeSelect } from '@mantine/core'
import type { ProcessPath } from '@stagewatch/shared/domain/process-definition.ts'
import { Trash2 } from 'lucide-react'
import button from '../../../components/button.module.css'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import { isReturn, withField } from '../draft-edits.ts'
import { useProcess } from '../process-context.ts'
import { useReaders } from '../use-readers.ts'
import { CommittedField, NameFields } from './fields.tsx'
import styles from './inspector.module.css'

interface PathInspectorProps {
  readonly path: ProcessPath
  /** Index of the path. */
  readonly at: number
}

export function PathInspector({ path, at }: PathInspectorProps) {
  const { t, nameOf } = useText()
  const { definition, dispatch, select } = useProcess()
  const { readCount } = useReaders()
  const choices = definition.stages.map(({ code, name }) => ({ value: code, label: nameOf(name) }))
  const set = (next: ProcessPath): void => {
    const isOther = definition.paths?.every(
      (each, place) => place === at || each.from !== next.from || each.to !== next.to,
    )
    if (next.from !== next.to && isOther === true) dispatch?.({ kind: 'path', at, path: next })
  }
  const isBack = isReturn(definition, path)
  return (
    <div className={layout['stack']}>
      <p className={layout['meta']}>{t(isBack ? 'processes.isReturn' : 'processes.isBranch')}</p>
      <div className={styles['fields']}>
        <NativeSelect
          label={t('processes.pathFrom')}
          value={path.from}
          data={choices}
          disabled={dispatch === undefined}
          onChange={({ currentTarget }) => set({ ...path, from: currentTarget.value })}
        />
        <NativeSelect
          label={t('processes.pathTo')}
          value={path.to}
          data={choices}
          disabled={dispatch === undefined}
          onChange={({ currentTarget }) => set({ ...path, to: currentTarget.value })}
        />
      </div>
      <NameFields
        name={path.name ?? {}}
        mayBeEmpty
        onChange={(name) => {
          const isEmpty = Object.values(name).every((text) => text === '')
          set(withField(path, 'name', isEmpty ? undefined : name))
        }}
      />
      {isBack && (
        <CommittedField
          label={t('processes.maxTimes')}
          placeholder={t('processes.anyTimes')}
          text={path.maxTimes === undefined ? '' : String(path.maxTimes)}
          read={(text) => {
            const result = readCount(text)
            const isTooFew = 'value' in result && result.value === 0
            return isTooFew ? { error: t('desk.numberRange', { min: '1', max: '1000' }) } : result
          }}
          onCommit={(count) => set(withField(path, 'maxTimes', count))}
        />
      )}
      {dispatch !== undefined && (
        <Button
          variant="default"
          className={button['danger']}
          leftSection={<Trash2 size={16} aria-hidden />}
          onClick={() => {
            dispatch({ kind: 'removePath', at })
            select({})
          }}
        >
          {t('processes.deletePath')}
        </Button>
      )}
    </div>
  )
}
